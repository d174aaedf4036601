/** What a token may do. */

import type { Scope } from "../api/schema.ts";

/** Who may write may read; `admin` may do everything. */
export function allows(scopes: readonly Scope[], wanted: Scope): boolean {
  if (scopes.includes("admin") || scopes.includes(wanted)) return true;
  return wanted.endsWith(":read") && scopes.includes(wanted.replace(":read", ":write") as Scope);
}
