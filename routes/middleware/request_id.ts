/** Gives every request an id, which the answer carries as `X-Request-Id` and the logs repeat. */

import type { MiddlewareHandler } from "hono";
import type { Env } from "../env.ts";

/** Ids are the server's own: one that a caller sends could be made to look like somebody else's. */
export function requestId(): MiddlewareHandler<Env> {
  return async (c, next) => {
    const id = crypto.randomUUID();
    c.set("requestId", id);
    await next();
    c.res.headers.set("X-Request-Id", id);
  };
}
