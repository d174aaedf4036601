/** Callers who go, or are sent away, before they have their answer. */

import type { Context } from "hono";
import { Problem } from "../lib/domain/errors.ts";
import type { Env } from "./env.ts";

/** Aborts when the client closes the connection, or the token that it showed is revoked or expires. */
export function leaving(c: Context<Env>): AbortSignal {
  const revoked = c.get("auth")?.revoked;
  return revoked ? AbortSignal.any([c.req.raw.signal, revoked]) : c.req.raw.signal;
}

/** Aborts when the server begins to stop, or the token that was shown is revoked or expires: no stream goes on after it. */
export function ending(c: Context<Env>, stopping: AbortSignal): AbortSignal {
  const revoked = c.get("auth")?.revoked;
  return revoked ? AbortSignal.any([stopping, revoked]) : stopping;
}

/** What to answer when {@link leaving} aborted. A client that has left reads it no more, but the log does. */
export function left(c: Context<Env>, detail: string): Problem {
  if (c.get("auth")?.revoked?.aborted) {
    return new Problem("unauthorized", "The token was revoked, or has expired, while it was in use.");
  }
  return new Problem("invalid_request", detail);
}
