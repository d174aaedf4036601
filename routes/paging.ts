/** Pages of a list. */

import type { Context } from "hono";
import type { Env } from "./env.ts";

export const DEFAULT_LIMIT = 100;

/** The `Link` field (RFC 8288) that leads to the next page with the same filters; nothing on the last one. */
export function nextLink(c: Context<Env>, next: string | undefined): Record<string, string> {
  if (next === undefined) return {};
  const { url } = c.req;
  const mark = url.indexOf("?");
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  query.set("cursor", next);
  return { link: `<${c.req.path}?${query}>; rel="next"` };
}
