/** Jobs as rows of a table. */

import { type Colour, colourOf } from "../terminal/colour.ts";
import { age, spell } from "./times.ts";
import type { JobSummary } from "./types.ts";

export const JOB_HEAD = ["ID", "STATE", "NAME", "QUEUE", "AGE", "TIME", "EXIT", "COMMAND"];
const STATE_COLUMN = 1;
/** Which columns go first on a narrow terminal: queue, age, exit, time, name. */
export const OPTIONAL = [3, 4, 6, 5, 2];

/** The cells of one job. `now`: milliseconds, by which ages are counted. */
export function jobRow(job: JobSummary, now: number): string[] {
  return [
    String(job.job_id),
    stateText(job),
    job.name ?? "",
    job.queue ?? "",
    age(job.created, now),
    timeText(job, now),
    job.signal ?? (job.exit_code === null ? "" : String(job.exit_code)),
    job.command,
  ];
}

/** The state, and what is special about it. */
export function stateText(job: JobSummary): string {
  if (job.stopping) return "stopping";
  if (job.state === "queued" && (job.waiting_until !== null || job.waiting_for.length > 0)) return "waiting";
  return job.state;
}

/** How long it ran or runs; empty for one that has not begun. */
function timeText({ started, duration }: JobSummary, now: number): string {
  if (duration !== null) return spell(duration);
  if (started === null) return "";
  const seconds = Math.max(0, Math.round((now - Date.parse(started)) / 1000));
  return seconds === 0 ? "0 s" : spell(seconds);
}

/** Colours the column of states. */
export function stateColour(jobs: readonly JobSummary[], row: number, column: number): Colour | undefined {
  return column === STATE_COLUMN && jobs[row] ? colourOf(jobs[row].state) : undefined;
}
