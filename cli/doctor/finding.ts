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
