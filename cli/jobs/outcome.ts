/** What a job's end means for whoever waited for it. */

import { EXIT } from "../exit_codes.ts";
import { plain } from "../terminal/plain.ts";
import type { JobSummary } from "./types.ts";
import { spell } from "./times.ts";

/** How a job ended, as lists and single jobs have it. */
export type Outcome = Pick<JobSummary, "job_id" | "state" | "exit_code" | "signal" | "error" | "duration">;

/**
 * The exit code for a job that has ended: its own; above 128 what a signal makes of it, as shells have it; 124 when its
 * time was over, as `timeout` has it; 125 when there is none.
 */
export function exitCodeOf({ state, exit_code }: Outcome): number {
  if (state === "succeeded") return EXIT.ok;
  if (state === "timed_out") return EXIT.timedOut;
  if (exit_code === null) return EXIT.noExitCode;
  // It did not succeed, whatever its code says: it was ended while it tidied up.
  return exit_code === 0 ? EXIT.noExitCode : exit_code;
}

/** A line about the end: `Job 45 failed with exit code 2 after 3.1 s.` */
export function outcomeLine({ job_id, state, exit_code, signal, error, duration }: Outcome): string {
  const took = duration === null ? "" : ` after ${spell(duration)}`;
  const why = error === null ? "" : `: ${plain(error).replace(/\.$/, "")}`;
  const how = state === "succeeded"
    ? "succeeded"
    : state === "timed_out"
    ? "ran out of its time"
    : state === "lost"
    ? "was lost"
    : state === "terminated"
    ? `was terminated${signal ? ` (${signal})` : ""}`
    : signal
    ? `was ended by ${signal}`
    : exit_code === null
    ? "failed"
    : `failed with exit code ${exit_code}`;
  return `Job ${job_id} ${how}${took}${why}.`;
}
