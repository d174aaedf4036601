/** Who may call an endpoint, as the contract says it. */

import type { Scope } from "../lib/domain/scope.ts";

/** A token, or a session begun with one, that has all of these scopes (OpenAPI 3.1 allows role names for any scheme). */
export function needs(...scopes: Scope[]): Record<string, string[]>[] {
  return [{ bearer: scopes }, { session: scopes }];
}

/** No token is asked for. */
export const PUBLIC: Record<string, string[]>[] = [];
