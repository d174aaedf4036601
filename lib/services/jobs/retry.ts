/** Trying again what did not succeed. */

import { attemptOf, type Job, type StopIntent } from "../../domain/job.ts";
import { isRetried } from "../../domain/job_queueing.ts";
import type { JobEnd, JobEvent } from "../../domain/job_transition.ts";
import { retryDelayMs } from "../../domain/retry_policy.ts";

/**
 * What the end of a job's processes means: its own end, or another attempt. Not tried again is what was terminated, what
 * wrote more than it may, and what left processes behind that nothing could end. `stop`: why it was ended, if it was;
 * `wall`: milliseconds since the epoch, by the wall clock.
 */
export function endOrRetry(job: Job, end: JobEnd, stop: StopIntent | undefined, wall: number): JobEvent {
  const made = attemptOf(job);
  const again = made <= (job.spec.retries ?? 0) && isRetried(end.state) && end.survivors.length === 0;
  return again && stop?.reason !== "output_limit"
    ? { type: "retry", end, until: wall + retryDelayMs(job.spec, made) }
    : { type: "end", end };
}
