/** Trying again what did not succeed. */

import { attemptOf, type Job, type JobSpec } from "../../domain/job.ts";
import { isRetried } from "../../domain/job_queueing.ts";
import type { JobEnd, JobEvent } from "../../domain/job_transition.ts";

/** What the policy is where the job does not say; seconds. */
export const RETRY_DEFAULTS = { delay: 1, backoff: 2, maxDelay: 3600 } as const;

/** Milliseconds between the end of attempt `made` (from 1) and the next one. */
export function retryDelayMs(spec: JobSpec, made: number): number {
  const first = spec.retryDelay ?? RETRY_DEFAULTS.delay;
  const longest = Math.max(first, spec.maxRetryDelay ?? RETRY_DEFAULTS.maxDelay);
  const grown = first * (spec.backoff ?? RETRY_DEFAULTS.backoff) ** (made - 1);
  // A delay of none stays none, however often it is doubled beyond what a number holds.
  return Math.round(Math.min(longest, Number.isNaN(grown) ? 0 : grown) * 1000);
}

/**
 * What the end of a job's processes means: its own end, or another attempt. Not tried again is what was terminated, and
 * what left processes behind that nothing could end. `wall`: milliseconds since the epoch, by the wall clock.
 */
export function endOrRetry(job: Job, end: JobEnd, wall: number): JobEvent {
  const made = attemptOf(job);
  const again = made <= (job.spec.retries ?? 0) && isRetried(end.state) && end.survivors.length === 0;
  return again ? { type: "retry", end, until: wall + retryDelayMs(job.spec, made) } : { type: "end", end };
}
