/** A worker that runs a job: the job leads, and the worker's state follows from it in the same commit. */

import { isEnded, type Job } from "../../domain/job.ts";
import type { Worker, WorkerState } from "../../domain/worker.ts";

/** The worker's state that goes with a job's. */
export function workerStateOf(job: Job): WorkerState {
  switch (job.state) {
    case "queued":
      return "running";
    case "running":
      return job.run.stop ? "terminating" : "running";
    case "paused":
      return job.run?.stop ? "terminating" : "paused";
    case "succeeded":
      return "completed";
    case "failed":
      if (job.run?.stop?.reason === "output_limit") return "failed";
      // A command that ran to its end has done so whatever its exit code; one without a code never started.
      return job.exitCode === null && job.signal === null ? "failed" : "completed";
    case "terminated":
      return "terminated";
    case "timed_out":
    case "lost":
      return "failed";
  }
}

/** What is to be put down about the worker with that. */
export function workerFactsOf(job: Job): Partial<Worker> {
  if (!isEnded(job)) return {};
  const failed = workerStateOf(job) === "failed";
  const reason = job.error ?? (job.state === "timed_out" ? "The command did not end within its timeout." : null);
  return { ended: job.ended, bytes: job.stdoutBytes + job.stderrBytes, error: failed ? reason : null };
}
