/** The `Prefer` field (RFC 7240). */

export interface Preferences {
  /** Whole seconds. */
  wait?: number;
  respondAsync: boolean;
}

/** The preferences that are known here; others, and malformed ones, are passed over, as the RFC has it. */
export function parsePrefer(field: string | undefined): Preferences {
  const preferences: Preferences = { respondAsync: false };
  // Of a preference that is there twice the first one counts (section 2).
  for (const part of (field ?? "").split(",").reverse()) {
    const [name, value] = part.split(";")[0]!.split("=").map((text) => text.trim());
    if (name!.toLowerCase() === "respond-async") preferences.respondAsync = true;
    const seconds = /^"?(\d{1,9})"?$/.exec(value ?? "")?.[1];
    if (name!.toLowerCase() === "wait" && seconds !== undefined) preferences.wait = Number(seconds);
  }
  return preferences;
}
