/** `HEAD` wherever there is `GET`, except where `GET` waits or allocates. */

import type { Context } from "hono";
import { Problem } from "../../lib/domain/errors.ts";
import type { Env } from "../env.ts";
import type { Check, Finish } from "./layers.ts";

/** Paths whose `GET` does something. */
export const WITHOUT_HEAD: ReadonlySet<string> = new Set(["/api/request", "/new_job"]);

/** @throws {Problem} `method_not_allowed` for `HEAD` on the paths in `without`. */
export function headAllowed(without: ReadonlySet<string> = WITHOUT_HEAD): Check {
  return (c) => {
    if (c.req.method !== "HEAD" || !without.has(c.req.path)) return;
    throw new Problem("method_not_allowed", `HEAD is not allowed on ${c.req.path}: GET does something there.`, {
      allow: ["GET"],
    });
  };
}

/**
 * Hono runs the handler of `GET` and drops the body. This lets go of what stands behind a dropped stream, and measures
 * a body of text so that `Content-Length` is that of `GET`.
 */
export const headAnswer: Finish = (c) => {
  if (c.req.method === "HEAD" && c.res.body) return measure(c, c.res.body);
};

async function measure(c: Context<Env>, body: ReadableStream<Uint8Array>): Promise<void> {
  const { headers } = c.res;
  if (headers.has("content-length") || !isMeasurable(headers.get("content-type") ?? "")) {
    await body.cancel();
  } else {
    headers.set("Content-Length", String((await c.res.arrayBuffer()).byteLength));
  }
}

/** Other types may be streams without an end. */
function isMeasurable(type: string): boolean {
  return /^(application\/(.+\+)?json|text\/(plain|html))\b/.test(type);
}
