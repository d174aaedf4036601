/** Making, listing and revoking the tokens of a data directory. */

import type { Scope } from "../domain/scope.ts";
import type { TokenBounds } from "../domain/token_bounds.ts";
import type { Rate } from "../domain/rate.ts";
import { isValid, type TokenRecord } from "./record.ts";
import { newToken } from "./secret.ts";
import { type TokenFile, TokenFileError } from "./token_file.ts";

/** Revoked and expired tokens are listed that long, in milliseconds, before they are forgotten. */
const REMEMBERED_MS = 90 * 24 * 3600 * 1000;

export interface TokenWish {
  name: string;
  scopes: Scope[];
  bounds?: TokenBounds;
  rate?: Rate;
  /** Milliseconds since the epoch; null: it does not expire. */
  expires: number | null;
}

/**
 * Makes a token. It is on disk, as a hash, when this returns; the token itself is in the answer and nowhere else.
 * @throws {TokenFileError} when a valid one has that name.
 */
export function createToken(file: TokenFile, wish: TokenWish, now: number): { token: string; record: TokenRecord } {
  const { id, token, hash } = newToken();
  const record: TokenRecord = { id, ...wish, hash, created: now, revoked: null };
  file.update((records) => {
    if (records.some((each) => each.name === wish.name && isValid(each, now))) {
      throw new TokenFileError(`There is a token named ${wish.name} already: revoke it first, or choose another name.`);
    }
    return { records: [...records.filter((each) => !isForgotten(each, now)), record], answer: undefined };
  });
  return { token, record };
}

/**
 * Revokes the valid token with that id or name.
 * @throws {TokenFileError} when there is none.
 */
export function revokeToken(file: TokenFile, idOrName: string, now: number): TokenRecord {
  return file.update((records) => {
    const found = records.find((each) => isValid(each, now) && (each.id === idOrName || each.name === idOrName));
    if (!found) {
      throw new TokenFileError(`No valid token has the id or name ${idOrName}: \`stint token list\` shows all.`);
    }
    const revoked = { ...found, revoked: now };
    return { records: records.map((each) => each === found ? revoked : each), answer: revoked };
  });
}

function isForgotten({ expires, revoked }: TokenRecord, now: number): boolean {
  return Math.min(expires ?? Infinity, revoked ?? Infinity) < now - REMEMBERED_MS;
}
