/** What the contract says of who may call the endpoint that a request is for. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import { isScope, type Scope } from "../../lib/domain/scope.ts";
import type { Env } from "../env.ts";

/** `public`: anybody; else a token that has all of these scopes, which may be none. */
export type Needs = "public" | readonly Scope[];

/** What is not in the contract: forgetting to declare something opens nothing. */
const UNDECLARED: Needs = ["admin"];

/** Tells what the endpoint of a request needs; undefined where there is no such endpoint. */
export function needsOf(contract: readonly RouteConfig[]): (c: Context<Env>) => Needs | undefined {
  const declared = new Map(contract.map((route) => [`${route.method.toUpperCase()} ${route.path}`, declaredBy(route)]));
  // By method and path as the router has them, which are few.
  const known = new Map<string, Needs>();
  return (c) => {
    const route = matchedRoutes(c).find(({ method }) => method !== "ALL");
    if (!route) return undefined;
    const key = `${route.method} ${route.path}`;
    let needs = known.get(key);
    if (!needs) {
      needs = declared.get(`${route.method} ${templateOf(route.path)}`) ?? UNDECLARED;
      known.set(key, needs);
    }
    return needs;
  };
}

/** OpenAPI 3.1: an empty `security` is nobody's business; a scheme without roles is any token's. */
function declaredBy({ security }: RouteConfig): Needs {
  if (!security) return UNDECLARED;
  if (security.length === 0) return "public";
  return security[0]!.bearer?.filter(isScope) ?? UNDECLARED;
}

/** `/:key{[a-z]+}`, as the router has it, is `/{key}` in the contract. */
function templateOf(path: string): string {
  return path.replaceAll(/:([\w-]+)(\{.*?\}+)?(?=\/|$)/g, "{$1}");
}
