/** Asks for a bearer token (RFC 6750), or the cookie of somebody who signed in with one, wherever one is configured. */

import type { Context } from "hono";
import { callerOf } from "../../lib/addresses.ts";
import { Problem } from "../../lib/domain/errors.ts";
import type { Throttle } from "../../lib/throttle.ts";
import type { Sessions } from "../../lib/tokens/sessions.ts";
import type { Tokens } from "../../lib/tokens/tokens.ts";
import type { Auth, Env } from "../env.ts";
import { problemResponse } from "./errors.ts";
import type { Check } from "./layers.ts";
import type { Needs } from "./route_scopes.ts";
import { sessionCookie } from "./session_cookie.ts";

export interface AuthOptions {
  tokens: Tokens;
  sessions: Pick<Sessions, "find">;
  /** Counts wrong tokens, by address. */
  throttle: Throttle;
  needsOf: (c: Context<Env>) => Needs | undefined;
}

/** Whoever asks where no token is wanted. */
export const ANYBODY: Auth = { id: "anonymous", name: "anonymous", scopes: ["admin"] };

/** Sets the variable `auth`. Answers 401 to a missing or wrong token, 429 to an address with too many wrong ones. */
export function auth({ tokens, sessions, throttle, needsOf }: AuthOptions): Check {
  const ask = (c: Context<Env>) => {
    if (needsOf(c) === "public") return;
    const token = bearer(c.req.header("authorization"));
    if (token !== undefined) {
      const owner = knownOwner(c, token, { tokens, throttle });
      if (!owner) return refuse(c, "The token is not one that this server knows.", "invalid_token");
      c.set("auth", owner);
      return;
    }
    const cookie = sessionCookie(c);
    if (cookie === undefined) return refuse(c, "This server asks for a token: send Authorization: Bearer TOKEN.");
    const owner = sessions.find(cookie);
    if (!owner) return refuse(c, "The session is over: sign in again.");
    assertFromPage(c);
    c.set("auth", owner);
  };
  return (c) => {
    if (tokens.required) return ask(c);
    c.set("auth", ANYBODY);
  };
}

/**
 * Whose token it is.
 * @throws {Problem} `too_many_attempts` before it is even looked at, or guessing would go on unhindered.
 */
export function knownOwner(
  c: Context<Env>,
  token: string,
  { tokens, throttle }: Pick<AuthOptions, "tokens" | "throttle">,
): Auth | undefined {
  const caller = callerOf(c.env.remoteAddr);
  const wait = throttle.wait(caller);
  if (wait > 0) {
    throw new Problem("too_many_attempts", `Too many wrong tokens from this address. Try again in ${wait} s.`, {
      retryAfter: wait,
    });
  }
  const owner = tokens.find(token);
  if (!owner) throttle.count(caller);
  return owner;
}

/**
 * A browser adds the cookie by itself, so a request that changes something has to say which page it comes from; that this is
 * one of ours was checked before. Every browser does that.
 */
function assertFromPage(c: Context<Env>): void {
  const { method } = c.req;
  if (method === "GET" || method === "HEAD") return;
  if (c.req.header("origin") !== undefined || c.req.header("sec-fetch-site") !== undefined) return;
  throw new Problem("forbidden_origin", "With a session's cookie, Origin or Sec-Fetch-Site has to be sent.");
}

/** The token of an `Authorization` field; undefined when there is none, or it is of another scheme. */
export function bearer(field: string | undefined): string | undefined {
  return /^bearer +(.*?) *$/i.exec(field ?? "")?.[1];
}

/** RFC 6750, section 3: no error code when no token was shown. */
function refuse(c: Context<Env>, detail: string, error?: string): Response {
  const response = problemResponse(c, new Problem("unauthorized", detail));
  response.headers.set("WWW-Authenticate", `Bearer realm="stint"${error ? `, error="${error}"` : ""}`);
  return response;
}
