/** Who may call an endpoint, as the contract says it. */

export type Resource = "requests" | "workers" | "jobs" | "keys" | "files";
export type Scope = `${Resource}:${"read" | "write"}` | "admin";

/** A bearer token that has this scope (OpenAPI 3.1 allows role names for any scheme). */
export function needs(scope: Scope) {
  return [{ bearer: [scope as string] }];
}

/** No token is asked for. */
export const PUBLIC: Record<string, string[]>[] = [];
