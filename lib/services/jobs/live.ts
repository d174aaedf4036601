/** What is known of a job that has processes, or is about to have some, and stands in no store. */

import { attemptOf, type Job, type JobFacts, type Run, type StopIntent } from "../../domain/job.ts";
import type { Usage } from "../../domain/usage.ts";
import type { RunHandle, RunRequest } from "../ports/processes.ts";
import type { Lease } from "../slots.ts";

export interface Live {
  handle: Promise<RunHandle>;
  /** The same, once it has begun. */
  begun?: RunHandle;
  lease: Lease;
  /** Calls off what its clock would do next: end it for its time limit, or give up waiting for its keeper. */
  cancelTimeout?: () => void;
  /** Its command has ended. */
  over?: boolean;
  cancelLimit?: () => void;
  /** Why it is being ended, where the disk did not take that. */
  unwritten?: StopIntent;
  /** Whether it is being ended; then `survivors` resolves with the processes that would not go. */
  terminating: boolean;
  survivors: PromiseWithResolvers<number[]>;
}

export function requestOf(job: Job): RunRequest {
  return { jobId: job.id, attempt: attemptOf(job), cookie: job.cookie, spec: job.spec };
}

/** What was seen so far of what it takes of the machine. */
export function usageOf({ begun }: Live): Usage | null {
  return begun?.usage ?? null;
}

export function stopOf(job: JobFacts & { run?: Run }): StopIntent | undefined {
  return job.run?.stop;
}
