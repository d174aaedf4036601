/** Lets a token do what its scopes allow, as the contract says it of each endpoint. */

import type { Context, MiddlewareHandler } from "hono";
import { Problem } from "../../lib/domain/errors.ts";
import { covers, type Scope } from "../../lib/domain/scope.ts";
import type { Env } from "../env.ts";
import { problemResponse } from "./errors.ts";
import type { Needs } from "./route_scopes.ts";

/** Answers 403 `insufficient_scope` where the token lacks what the endpoint needs (RFC 6750, section 3.1). */
export function scope(needsOf: (c: Context<Env>) => Needs | undefined): MiddlewareHandler<Env> {
  return (c, next) => {
    const auth = c.get("auth");
    if (!auth || auth.scopes.includes("admin")) return next();
    const needs = needsOf(c);
    if (needs === undefined || needs === "public") return next();
    const lacking = needs.find((each) => !covers(auth.scopes, each));
    return lacking ? Promise.resolve(refuse(c, lacking, auth.name)) : next();
  };
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
