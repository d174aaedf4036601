/**
 * Where the files of a run lie: `<directory>/<jobId / 1000>/<jobId>.stdout`, `.stderr`, `.stdin` and `.run`, its record
 * (`.run-2` for the second run of a job, and so on).
 * The outputs come there once anybody wants to read them; until then they may be among `spare/` (`output/spares.ts`).
 *
 * Not in a directory for each job: ext4 spreads new directories over the disk, so that a directory and each first file in
 * one cost 0.3 to 0.7 ms, ten times a file beside others. See `docs/decisions/0003-starting-jobs.md`.
 */

import type { OutputName } from "../services/ports/processes.ts";

const JOBS_PER_DIRECTORY = 1000;

/** The number of the directory that holds the files of a job. */
export function shardNumber(jobId: number): number {
  return Math.floor(jobId / JOBS_PER_DIRECTORY);
}

/** The directory that holds the files of a job. */
export function shardOf(directory: string, jobId: number): string {
  return `${directory}/${shardNumber(jobId)}`;
}

/** What the paths of all files of a job begin with; a dot follows. */
export function stemOf(directory: string, jobId: number): string {
  return `${shardOf(directory, jobId)}/${jobId}`;
}

export function outputPath(directory: string, jobId: number, name: OutputName): string {
  return `${stemOf(directory, jobId)}.${name}`;
}

/**
 * The ending of the record of the n-th try to start a run; almost always there is one only. `attempt`: which run of the
 * job it is.
 */
export function recordEnding(start: number, attempt = 1): string {
  const run = attempt === 1 ? "run" : `run-${attempt}`;
  return start === 0 ? run : `${run}.${start}`;
}
