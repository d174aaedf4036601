/** When a job is tried again. */

import type { JobSpec } from "./job.ts";

/** What holds where the job does not say; seconds. */
export const RETRY_DEFAULTS = { delay: 1, backoff: 2, maxDelay: 3600 } as const;

/** Milliseconds between the end of attempt `made` (from 1) and the next one. */
export function retryDelayMs(spec: JobSpec, made: number): number {
  const first = spec.retryDelay ?? RETRY_DEFAULTS.delay;
  const longest = Math.max(first, spec.maxRetryDelay ?? RETRY_DEFAULTS.maxDelay);
  const grown = first * (spec.backoff ?? RETRY_DEFAULTS.backoff) ** (made - 1);
  // A delay of none stays none, however often it is doubled beyond what a number holds.
  return Math.round(Math.min(longest, Number.isNaN(grown) ? 0 : grown) * 1000);
}
