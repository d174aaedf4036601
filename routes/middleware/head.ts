/** `HEAD` wherever there is `GET`, except where `GET` waits or allocates. */

import type { MiddlewareHandler } from "hono";
import { Problem } from "../../lib/domain/errors.ts";
import type { Env } from "../env.ts";

/** Paths whose `GET` does something. */
export const WITHOUT_HEAD: ReadonlySet<string> = new Set(["/api/request", "/new_job"]);

/**
 * Hono runs the handler of `GET` and drops the body. This lets go of what stands behind a dropped stream, and measures
 * a body of text so that `Content-Length` is that of `GET`.
 * @throws {Problem} `method_not_allowed` on the paths in `without`.
 */
export function head(without: ReadonlySet<string> = WITHOUT_HEAD): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (c.req.method !== "HEAD") return next();
    if (without.has(c.req.path)) {
      throw new Problem("method_not_allowed", `HEAD is not allowed on ${c.req.path}: GET does something there.`, {
        allow: ["GET"],
      });
    }
    await next();
    const { body, headers } = c.res;
    if (!body) return;
    if (headers.has("content-length") || !isMeasurable(headers.get("content-type") ?? "")) {
      await body.cancel();
    } else {
      headers.set("Content-Length", String((await c.res.arrayBuffer()).byteLength));
    }
  };
}

/** Other types may be streams without an end. */
function isMeasurable(type: string): boolean {
  return /^(application\/(.+\+)?json|text\/(plain|html))\b/.test(type);
}
