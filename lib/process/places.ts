/**
 * Where the files of a run lie: `<directory>/<jobId / 1000>/<jobId>.stdout`, `.stderr`, `.stdin` and `.run`, its record.
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

/** The ending of the record of the n-th attempt to start a job; almost always there is one only. */
export function recordEnding(attempt: number): string {
  return attempt === 0 ? "run" : `run.${attempt}`;
}
