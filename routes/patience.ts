/** How long somebody waits. */

import type { Clock } from "../lib/clock.ts";

/**
 * Runs `action` with a signal that aborts after `seconds` (default: never) or as soon as one of `signals` does.
 * Nothing of it is left when it returns.
 */
export async function withPatience<T>(
  { clock, seconds, signals }: { clock: Clock; seconds?: number; signals: AbortSignal[] },
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const abort = () => over.abort();
  const cancel = seconds === undefined ? () => {} : clock.after(seconds * 1000, abort);
  for (const signal of signals) {
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
  }
  try {
    return await action(over.signal);
  } finally {
    cancel();
    for (const signal of signals) signal.removeEventListener("abort", abort);
  }
}
