/** What somebody may do with jobs. */

import type { Job, JobSpec } from "../../domain/job.ts";

export interface JobAccess {
  /** @throws {Problem} for a job that is not theirs to change. */
  touch(job: Job): void;
  /** A job as they may ask for it. @throws {Problem} for one that they may not. */
  bind(spec: JobSpec): JobSpec;
}

/** Somebody who may do everything. */
export const FULL_ACCESS: JobAccess = { touch() {}, bind: (spec) => spec };
