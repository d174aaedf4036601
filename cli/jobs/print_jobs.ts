/** Prints a list of jobs. */

import type { Output } from "../output.ts";
import { JOB_HEAD, jobRow, OPTIONAL, stateColour } from "./rows.ts";
import type { JobSummary } from "./types.ts";

/** A table, or one JSON object: `{"jobs":[…]}`, as the server has it. */
export function printJobs(out: Output, jobs: readonly JobSummary[]): void {
  if (out.asJson) return out.json({ jobs });
  const now = Date.now();
  out.table(JOB_HEAD, jobs.map((job) => jobRow(job, now)), {
    optional: OPTIONAL,
    paint(text, row, column) {
      const colour = stateColour(jobs, row, column);
      return colour ? out.paint(colour, text) : text;
    },
  });
}
