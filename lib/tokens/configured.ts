/** The tokens given at start. */

import { timingSafeEqual } from "node:crypto";
import { digestOf } from "./secret.ts";
import type { Tokens } from "./tokens.ts";

/** Tokens of the configuration; each may do everything. With none, nobody is asked for one. */
export function configuredTokens(tokens: readonly string[]): Tokens {
  const known = tokens.map((token, index) => ({ digest: digestOf(token), name: `configured-${index + 1}` }));
  return {
    required: known.length > 0,
    find(token) {
      const shown = digestOf(token);
      // Every one is compared, so that the time says nothing about which was nearly right.
      const matches = known.filter((each) => timingSafeEqual(each.digest, shown));
      return matches[0] && { name: matches[0].name, scopes: ["admin"] };
    },
  };
}
