/** Refuses URLs that are longer than anything the contract has a use for. */

import { authorityOf } from "../../lib/addresses.ts";
import { Problem } from "../../lib/domain/errors.ts";
import type { Check } from "./layers.ts";

/** RFC 9110, section 4.1, has servers take at least 8000 octets. */
export const MAX_URI_LENGTH = 8192;

/** @throws {Problem} `uri_too_long` when path and query together are longer than `limit` characters. */
export function uriLength(limit: number = MAX_URI_LENGTH): Check {
  return (c) => {
    const { url } = c.req.raw;
    if (url.length > limit) {
      const length = url.length - url.indexOf("://") - 3 - authorityOf(url).length;
      if (length > limit) {
        throw new Problem("uri_too_long", `Path and query are ${length} characters long; at most ${limit} are taken.`);
      }
    }
  };
}
