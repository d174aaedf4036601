/** JSON is sent as `application/json; charset=utf-8`: some clients still guess otherwise, and Cyrillic suffers. */

import type { MiddlewareHandler } from "hono";
import type { Env } from "../env.ts";

export function jsonCharset(): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next();
    if (c.res.headers.get("content-type") === "application/json") {
      c.res.headers.set("Content-Type", "application/json; charset=utf-8");
    }
  };
}
