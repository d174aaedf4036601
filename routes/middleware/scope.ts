/** Lets a token do what its scopes allow, as the contract says it of each endpoint. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { Problem } from "../../lib/domain/errors.ts";
import { covers, isScope, type Scope } from "../../lib/domain/scope.ts";
import type { Env } from "../env.ts";
import { problemResponse } from "./errors.ts";

/**
 * Answers 403 `insufficient_scope` where the token lacks what the endpoint needs (RFC 6750, section 3.1). An endpoint that is
 * not in the contract is for `admin`: forgetting to say so opens nothing.
 */
export function scope(contract: readonly RouteConfig[]): MiddlewareHandler<Env> {
  const needed = scopesOf(contract);
  return (c, next) => {
    const auth = c.get("auth");
    if (!auth || auth.scopes.includes("admin")) return next();
    const route = matchedRoutes(c).find(({ method }) => method !== "ALL");
    if (!route) return next();
    const needs = needed.get(`${route.method} ${templateOf(route.path)}`) ?? ["admin"];
    const lacking = needs.find((each) => !covers(auth.scopes, each));
    return lacking ? Promise.resolve(refuse(c, lacking, auth.name)) : next();
  };
}

/** By method and path; an empty list: anybody may. */
export function scopesOf(contract: readonly RouteConfig[]): Map<string, readonly Scope[]> {
  return new Map(contract.map(({ method, path, security }) => {
    const scopes = (security ?? [{ bearer: ["admin"] }]).flatMap((each) => each.bearer ?? []).filter(isScope);
    return [`${method.toUpperCase()} ${path}`, scopes];
  }));
}

/** `/:key{[a-z]+}`, as the router has it, is `/{key}` in the contract. */
function templateOf(path: string): string {
  return path.replaceAll(/:([\w-]+)(\{.*?\}+)?(?=\/|$)/g, "{$1}");
}

function refuse(c: Context<Env>, needed: Scope, name: string): Response {
  const response = problemResponse(
    c,
    new Problem("insufficient_scope", `The token "${name}" does not have the scope ${needed}.`, {
      members: { scope: needed },
    }),
  );
  response.headers.set("WWW-Authenticate", `Bearer realm="stint", error="insufficient_scope", scope="${needed}"`);
  return response;
}
