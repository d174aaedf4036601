/** Where the files of a run lie. */

import type { OutputName } from "../services/ports/processes.ts";

/** The directory of a job's run. */
export function runDirectory(directory: string, jobId: number): string {
  return `${directory}/${jobId}`;
}

export function outputPath(directory: string, jobId: number, name: OutputName): string {
  return `${directory}/${jobId}/${name}`;
}

/** The record of the n-th attempt to start a job; almost always there is one only. */
export function recordName(attempt: number): string {
  return attempt === 0 ? "run" : `run.${attempt}`;
}
