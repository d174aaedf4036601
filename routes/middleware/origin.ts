/** Refuses what another site's page sends through a visitor's browser: forged forms, fetches, embedded images. */

import { parseAuthority } from "../../lib/addresses.ts";
import { Problem } from "../../lib/domain/errors.ts";
import { hostOf } from "./host.ts";
import type { Check } from "./layers.ts";

/** Pages, which a link on another site may lead to. */
const PAGES = ["/", "/api/docs"];

/**
 * Looks at `Sec-Fetch-Site` and `Origin`; what is not a browser sends neither and passes.
 * @throws {Problem} `forbidden_origin`
 */
export function origin(pages: readonly string[] = PAGES): Check {
  const open = new Set(pages);
  return (c) => {
    const request = c.req.raw;
    const site = request.headers.get("sec-fetch-site");
    const from = request.headers.get("origin");
    if (site === null && from === null) return;
    const sameSite = site === null || site === "same-origin" || site === "none";
    if (sameSite && (from === null || isOwn(from, hostOf(request)))) return;
    if (isVisit(request) && open.has(c.req.path)) return;
    throw new Problem("forbidden_origin", "Requests that another site makes through a browser are not answered.");
  };
}

/**
 * Whether an `Origin` is the host that was asked. Not by scheme: behind a proxy that ends TLS the browser's is `https`
 * and ours is not. `null`, which sandboxed pages send, is nobody's.
 */
function isOwn(origin: string, host: string): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  const [theirs, ours] = [parseAuthority(match?.[1] ?? ""), parseAuthority(host)];
  if (!theirs || !ours || theirs.name !== ours.name) return false;
  const usual = /^https:/i.test(origin) ? "443" : "80";
  return (theirs.port || usual) === (ours.port || usual);
}

/** Somebody followed a link: the page that comes carries no data, and nothing happens on the way. */
function isVisit(request: Request): boolean {
  const { headers, method } = request;
  return (method === "GET" || method === "HEAD") && headers.get("origin") === null &&
    headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
}
