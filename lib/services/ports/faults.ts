/**
 * The seams of a job's life: the places between two of its steps. A server that dies at one of them must leave behind
 * what the next server can go on from. Nothing but a test passes anything else than {@link noFaults}.
 */

import type { JobState } from "../../domain/job.ts";

/** Beside a change of a job's state: it is decided, it is on disk, what follows from it has been done. */
export const CHANGE_STEPS = ["decided", "committed", "acted"] as const;

/** Beside everything that is done outside the store. */
export const RUN_STEPS = [
  "files made",
  "runner told",
  "run begun",
  "run ended",
  "record claimed",
  "record found",
  "signals due",
  "signals sent",
  "output indexed",
  "output removed",
] as const;

export type RunStep = typeof RUN_STEPS[number];
export type Seam = `${JobState | "new"}>${JobState | "removed"} ${typeof CHANGE_STEPS[number]}` | RunStep;

export interface Faults {
  /** The server has come to this place with this job. */
  reach(seam: Seam, jobId: number): void;
}

export const noFaults: Faults = { reach() {} };
