/** What `stint doctor` finds. */

export type Level = "ok" | "warn" | "fail";

export interface Finding {
  level: Level;
  /** What was looked at. */
  about: string;
  /** What was seen. */
  text: string;
  /** What to do about it; there unless all is well. */
  todo?: string;
}

export function ok(about: string, text: string): Finding {
  return { level: "ok", about, text };
}

export function warn(about: string, text: string, todo: string): Finding {
  return { level: "warn", about, text, todo };
}

export function fail(about: string, text: string, todo: string): Finding {
  return { level: "fail", about, text, todo };
}

/** Why something could not be looked at, in a few words. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return "this program is not permitted to (Deno's permissions)";
  return error instanceof Error ? error.message.replace(/ \(os error \d+\).*$/s, "") : String(error);
}
