/** What no route answers: 404, or 405 with the methods that the path does take (RFC 9110, section 15.5.6). */

import type { Hono, NotFoundHandler } from "hono";
import { Problem } from "../../lib/domain/errors.ts";
import type { Env } from "../env.ts";
import { problemResponse } from "./errors.ts";
import { WITHOUT_HEAD } from "./head.ts";

/** Hono's `notFound` for `app`. The routes are read when the first such request comes, so it may be set before them. */
export function notFound(app: Hono<Env>): NotFoundHandler<Env> {
  let methods: string[] | undefined;
  return (c) => {
    methods ??= [...new Set(app.routes.map((route) => route.method).filter((method) => method !== "ALL"))].sort();
    const allow = methods.filter((method) => {
      const [handlers] = app.router.match(method, c.req.path);
      return handlers.some(([[, route]]) => route.method === method);
    });
    if (allow.includes("GET") && !WITHOUT_HEAD.has(c.req.path)) allow.splice(allow.indexOf("GET") + 1, 0, "HEAD");
    return problemResponse(
      c,
      allow.length > 0
        ? new Problem(
          "method_not_allowed",
          `${shown(c.req.method)} is not allowed on ${shown(c.req.path)}; allowed: ${allow.join(", ")}.`,
          {
            allow,
          },
        )
        : new Problem("not_found", `There is nothing at ${shown(c.req.path)}.`),
    );
  };
}

function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
