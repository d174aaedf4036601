/** A token as it is kept: everything but the token. */

import { isScope, type Scope } from "../domain/scope.ts";
import { isTokenBounds, type TokenBounds } from "../domain/token_bounds.ts";
import { isRate, type Rate } from "../domain/rate.ts";

export interface TokenRecord {
  id: string;
  /** For people: who or what uses it. Unique among those that are not revoked. */
  name: string;
  scopes: Scope[];
  bounds?: TokenBounds;
  rate?: Rate;
  /** SHA-256 of the token, in hexadecimal. */
  hash: string;
  /** Times are milliseconds since the epoch. */
  created: number;
  expires: number | null;
  revoked: number | null;
}

/** Whether it opens anything at `now`. */
export function isValid(record: TokenRecord, now: number): boolean {
  return record.revoked === null && (record.expires === null || now < record.expires);
}

/** Reads what a file holds. @throws {Error} that says what is wrong with it. */
export function parseRecords(text: string): TokenRecord[] {
  const content: unknown = JSON.parse(text);
  const tokens = isObject(content) ? content.tokens : undefined;
  if (!Array.isArray(tokens)) throw new Error('expected an object with "tokens"');
  return tokens.map((each, index) => {
    if (!isRecord(each)) throw new Error(`its token number ${index + 1} is not one`);
    return each;
  });
}

function isRecord(value: unknown): value is TokenRecord {
  if (!isObject(value)) return false;
  const { id, name, scopes, bounds, rate, hash, created, expires, revoked } = value;
  return typeof id === "string" && typeof name === "string" && typeof created === "number" &&
    typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash) && isTimeOrNull(expires) && isTimeOrNull(revoked) &&
    Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string" && isScope(scope)) &&
    // Who may do everything cannot be bound; which of the two was meant, nobody can know.
    (bounds === undefined || (isTokenBounds(bounds) && !scopes.includes("admin"))) &&
    (rate === undefined || isRate(rate));
}

function isTimeOrNull(value: unknown): boolean {
  return value === null || typeof value === "number";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
