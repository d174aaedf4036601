/** Lets a token do what its scopes allow, as the contract says it of each endpoint. */

import type { Context } from "hono";
import { Problem } from "../../lib/domain/errors.ts";
import { covers, type Scope } from "../../lib/domain/scope.ts";
import type { Env } from "../env.ts";
import { problemResponse } from "./errors.ts";
import type { Check } from "./layers.ts";
import type { Needs } from "./route_scopes.ts";

/** Answers 403 `insufficient_scope` where the token lacks what the endpoint needs (RFC 6750, section 3.1). */
export function scope(needsOf: (c: Context<Env>) => Needs | undefined): Check {
  return (c) => {
    const auth = c.get("auth");
    if (!auth || auth.scopes.includes("admin")) return;
    const needs = needsOf(c);
    if (needs === undefined || needs === "public") return;
    const lacking = needs.find((each) => !covers(auth.scopes, each));
    if (lacking) return refuse(c, lacking);
  };
}

/** For what depends on more than the endpoint. */
export function lackingScope(c: Context<Env>, needed: Scope): Problem {
  return new Problem("insufficient_scope", `The token "${c.get("auth")?.name}" does not have the scope ${needed}.`, {
    members: { scope: needed },
  });
}

function refuse(c: Context<Env>, needed: Scope): Response {
  const response = problemResponse(c, lackingScope(c, needed));
  response.headers.set("WWW-Authenticate", `Bearer realm="stint", error="insufficient_scope", scope="${needed}"`);
  return response;
}
