/** Telling callers apart by the token that they show. */

import type { Scope } from "../domain/scope.ts";
import type { TokenBounds } from "../domain/token_bounds.ts";
import type { Rate } from "../domain/rate.ts";

/** What a token stands for. */
export interface TokenOwner {
  /** Stays the same over a restart. */
  id: string;
  name: string;
  scopes: readonly Scope[];
  /** With which jobs; not there: with all. Never beside `admin`. */
  bounds?: TokenBounds;
  /** How many requests it may make; not there: as many as the server lets everybody make. */
  rate?: Rate;
  /** Aborts when the token is revoked or expires: what was begun with it and still lasts is ended then. */
  revoked?: AbortSignal;
}

/** Tells tokens apart. */
export interface Tokens {
  /** Whether callers have to show one. */
  readonly required: boolean;
  /** Whose the token is; undefined for one that is not known, is revoked or has expired. */
  find(token: string): TokenOwner | undefined;
  /** The owner with that id, as long as the token is valid. */
  byId(id: string): TokenOwner | undefined;
}

/** Asks each in turn; a token is required as soon as one of them says so. */
export function anyOf(...sources: readonly Tokens[]): Tokens {
  return {
    get required() {
      return sources.some((source) => source.required);
    },
    find: (token) => firstOf(sources, (source) => source.find(token)),
    byId: (id) => firstOf(sources, (source) => source.byId(id)),
  };
}

function firstOf<S, T>(sources: readonly S[], ask: (source: S) => T | undefined): T | undefined {
  for (const source of sources) {
    const answer = ask(source);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
