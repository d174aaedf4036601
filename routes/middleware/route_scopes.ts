/** What the contract says of who may call the endpoint that a request is for. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Context } from "hono";
import { isScope, type Scope } from "../../lib/domain/scope.ts";
import type { Env } from "../env.ts";
import { operationOf } from "./operation.ts";

/** `public`: anybody; else a token that has all of these scopes, which may be none. */
export type Needs = "public" | readonly Scope[];

/** What is not in the contract: forgetting to declare something opens nothing. */
const UNDECLARED: Needs = ["admin"];

/** Tells what the endpoint of a request needs; undefined where there is no such endpoint. */
export function needsOf(contract: readonly RouteConfig[]): (c: Context<Env>) => Needs | undefined {
  const operation = operationOf(contract);
  const needs = new Map<RouteConfig, Needs>(contract.map((route) => [route, declaredBy(route)]));
  return (c) => {
    const route = operation(c);
    return route === undefined ? undefined : route === null ? UNDECLARED : needs.get(route);
  };
}

/** OpenAPI 3.1: an empty `security` is nobody's business; a scheme without roles is any token's. */
function declaredBy({ security }: RouteConfig): Needs {
  if (!security) return UNDECLARED;
  if (security.length === 0) return "public";
  return security[0]!.bearer?.filter(isScope) ?? UNDECLARED;
}
