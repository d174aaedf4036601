/** Gives every request an id, which the answer carries as `X-Request-Id` and the logs repeat. */

import type { Context } from "hono";
import type { Env } from "../env.ts";

/** Ids are the server's own: one that a caller sends could be made to look like somebody else's. */
export function giveId(c: Context<Env>): void {
  c.set("requestId", crypto.randomUUID());
}

export function showId(c: Context<Env>): void {
  c.res.headers.set("X-Request-Id", c.get("requestId"));
}
