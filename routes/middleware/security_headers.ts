/** Headers that keep browsers from doing what nobody asked them to. */

import type { Finish } from "./layers.ts";

const ALWAYS: readonly (readonly [string, string])[] = [
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "no-referrer"],
  ["X-Frame-Options", "DENY"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
];
const POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * What goes with bytes that somebody has stored or printed: a browser saves them, and where it shows them all the same
 * they are nobody's page (CSP3, section 6.3.2).
 */
export const USER_CONTENT: Readonly<Record<string, string>> = {
  "content-disposition": "attachment",
  "content-security-policy": `${POLICY}; sandbox`,
};

/** What an answer carries that is no page. */
export const SECURITY_HEADERS: readonly (readonly [string, string])[] = [...ALWAYS, [
  "Content-Security-Policy",
  POLICY,
]];

/** A handler that serves a page sets the `Content-Security-Policy` it needs; everything else may load nothing. */
export const securityHeaders: Finish = (c) => {
  if (c.get("bare")) return;
  const { headers } = c.res;
  for (const [name, value] of ALWAYS) headers.set(name, value);
  if (!headers.has("Content-Security-Policy")) headers.set("Content-Security-Policy", POLICY);
};
