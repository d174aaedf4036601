/** A job as the list keeps it: a hundred thousand of them fit into a page. */

import type { JobState, JobSummary } from "../api/schema.ts";

/** Times are milliseconds since the epoch. */
export interface Row {
  readonly id: number;
  readonly command: string;
  readonly name: string | null;
  readonly labels: Record<string, string>;
  readonly state: JobState;
  readonly stopping: boolean;
  readonly done: boolean;
  readonly queue: string | null;
  readonly priority: number;
  readonly created: number;
  readonly started: number | null;
  readonly ended: number | null;
  /** Seconds. */
  readonly duration: number | null;
  readonly exitCode: number | null;
  readonly error: string | null;
  /** Jobs that it waits for, and the time. */
  readonly waitingFor: readonly number[];
  readonly waitingUntil: number | null;
}

const NO_LABELS = {};
const NOBODY: readonly number[] = [];

export function rowOf(job: JobSummary): Row {
  return {
    id: job.job_id,
    command: job.command,
    name: job.name,
    labels: Object.keys(job.labels).length > 0 ? job.labels : NO_LABELS,
    state: job.state,
    stopping: job.stopping,
    done: job.done,
    queue: job.queue,
    priority: job.priority,
    created: Date.parse(job.created),
    started: timeOf(job.started),
    ended: timeOf(job.ended),
    duration: job.duration,
    exitCode: job.exit_code,
    error: job.error,
    waitingFor: job.waiting_for.length > 0 ? job.waiting_for : NOBODY,
    waitingUntil: timeOf(job.waiting_until),
  };
}

/** Seconds that it has taken until `now`, or took; null before it began. */
export function secondsOf(row: Row, now: number): number | null {
  if (row.duration !== null) return row.duration;
  return row.started === null ? null : Math.max(0, ((row.ended ?? now) - row.started) / 1000);
}

function timeOf(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
