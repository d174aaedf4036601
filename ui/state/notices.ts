/** Short messages that come up and go away. */

import { signal } from "@preact/signals";
import { isAbort, messageOf } from "../api/client.ts";

export interface Notice {
  id: number;
  kind: "info" | "error";
  text: string;
}

export const notices = signal<readonly Notice[]>([]);

const SHOWN_MS = { info: 4000, error: 10_000 };
let last = 0;

export function notify(text: string, kind: Notice["kind"] = "info"): void {
  const id = ++last;
  notices.value = [...notices.value.slice(-3), { id, kind, text }];
  setTimeout(() => dismiss(id), SHOWN_MS[kind]);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Does it and says so if it fails; whether it went well. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
    if (done) notify(done);
    return true;
  } catch (error) {
    if (!isAbort(error)) notify(messageOf(error), "error");
    return false;
  }
}
