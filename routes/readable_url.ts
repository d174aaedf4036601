/**
 * Refuses percent signs that escape nothing (RFC 3986, section 2.1) and escapes that are no UTF-8. The router takes them
 * for what they look like, so that `%ff` would name a file of that name, and another reader another file.
 */

import { Problem } from "../lib/domain/errors.ts";
import type { Check } from "./middleware/layers.ts";

const DETAIL = "It has a % that does not escape UTF-8. Write %25 for the sign itself";

/** @throws {Problem} `invalid_request`. A path of one segment is a key's, and what is no key is said elsewhere. */
export function readableUrl(): Check {
  return (c) => {
    const { url } = c.req.raw;
    if (!url.includes("%")) return;
    const start = url.indexOf("/", url.indexOf("://") + 3);
    const [path = "", query] = split(url.slice(start), "?");
    if (path.indexOf("/", 1) > 0 && !isReadable(path)) throw unreadable("path");
    for (const each of query?.split("&") ?? []) {
      if (!isReadable(each)) throw unreadable(`query/${split(each, "=")[0]}`);
    }
  };
}

function split(text: string, sign: string): [string, string?] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function isReadable(escaped: string): boolean {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    // The decoder has no other way of saying so.
    return false;
  }
}

function unreadable(pointer: string): Problem {
  return new Problem("invalid_request", `${pointer}: ${DETAIL}`, { errors: [{ pointer, detail: DETAIL }] });
}
