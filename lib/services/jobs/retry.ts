/** Trying again what did not succeed. */

import { attemptOf, type Job } from "../../domain/job.ts";
import { isRetried } from "../../domain/job_queueing.ts";
import type { JobEnd, JobEvent } from "../../domain/job_transition.ts";
import { retryDelayMs } from "../../domain/retry_policy.ts";

/**
 * What the end of a job's processes means: its own end, or another attempt. Not tried again is what was terminated, and
 * what left processes behind that nothing could end. `wall`: milliseconds since the epoch, by the wall clock.
 */
export function endOrRetry(job: Job, end: JobEnd, wall: number): JobEvent {
  const made = attemptOf(job);
  const again = made <= (job.spec.retries ?? 0) && isRetried(end.state) && end.survivors.length === 0;
  return again ? { type: "retry", end, until: wall + retryDelayMs(job.spec, made) } : { type: "end", end };
}
