/** Asks for a bearer token (RFC 6750) wherever one is configured. */

import type { Context } from "hono";
import { callerOf } from "../../lib/addresses.ts";
import { Problem } from "../../lib/domain/errors.ts";
import type { Throttle } from "../../lib/throttle.ts";
import type { Tokens } from "../../lib/tokens.ts";
import type { Auth, Env } from "../env.ts";
import { problemResponse } from "./errors.ts";
import type { Check } from "./layers.ts";

export interface AuthOptions {
  tokens: Tokens;
  /** Counts wrong tokens, by address. */
  throttle: Throttle;
  /** Paths that need no token; one that ends in `/` stands for everything below it. */
  open?: readonly string[];
}

const OPEN = ["/", "/-/assets/", "/openapi.json", "/api/docs", "/api/docs/", "/-/healthy", "/-/ready"];
const ANYBODY: Auth = { name: "anonymous", scopes: ["*"] };

/** Sets the variable `auth`. Answers 401 to a missing or wrong token, 429 to an address with too many wrong ones. */
export function auth({ tokens, throttle, open = OPEN }: AuthOptions): Check {
  const exact = new Set(open);
  const below = open.filter((path) => path.endsWith("/") && path !== "/");
  const ask = async (c: Context<Env>) => {
    if (exact.has(c.req.path) || below.some((path) => c.req.path.startsWith(path))) return;
    const token = bearer(c.req.header("authorization"));
    if (token === undefined) return refuse(c, "This server asks for a token: send Authorization: Bearer TOKEN.");
    const caller = callerOf(c.env.remoteAddr);
    const wait = throttle.wait(caller);
    // Before the token is even looked at, or guessing would go on unhindered.
    if (wait > 0) {
      throw new Problem("too_many_attempts", `Too many wrong tokens from this address. Try again in ${wait} s.`, {
        retryAfter: wait,
      });
    }
    const owner = await tokens.find(token);
    if (!owner) {
      throttle.count(caller);
      return refuse(c, "The token is not one that this server knows.", "invalid_token");
    }
    c.set("auth", owner);
  };
  return (c) => {
    if (tokens.required) return ask(c);
    c.set("auth", ANYBODY);
  };
}

/** The token of an `Authorization` field; undefined when there is none, or it is of another scheme. */
function bearer(field: string | undefined): string | undefined {
  return /^bearer +(.*?) *$/i.exec(field ?? "")?.[1];
}

/** RFC 6750, section 3: no error code when no token was shown. */
function refuse(c: Context<Env>, detail: string, error?: string): Response {
  const response = problemResponse(c, new Problem("unauthorized", detail));
  response.headers.set("WWW-Authenticate", `Bearer realm="stint"${error ? `, error="${error}"` : ""}`);
  return response;
}
