/** What a token may do. */

export const RESOURCES = ["requests", "workers", "jobs", "keys", "files"] as const;
export type Resource = typeof RESOURCES[number];
export type Scope = `${Resource}:${"read" | "write"}` | "admin";

/** Every scope that a token can be given. */
export const SCOPES: readonly Scope[] = [
  ...RESOURCES.flatMap((resource): Scope[] => [`${resource}:read`, `${resource}:write`]),
  "admin",
];

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}

/** Whether `granted` covers `needed`. `admin` covers all; who may write something may read it too. */
export function covers(granted: readonly Scope[], needed: Scope): boolean {
  return granted.includes("admin") || granted.includes(needed) ||
    (needed.endsWith(":read") && granted.includes(needed.replace(":read", ":write") as Scope));
}
