/** A worker: a slot handed out for one upload, download or job, and what became of it. */

import { Problem } from "./errors.ts";

export const WORKER_STATES = [
  "reserved",
  "running",
  "paused",
  "terminating",
  "completed",
  "terminated",
  "failed",
  "expired",
] as const;
export type WorkerState = typeof WORKER_STATES[number];
export type FinalWorkerState = "completed" | "terminated" | "failed" | "expired";
export type WorkerKind = "upload" | "download" | "job";

/** Which states may follow which (document 002, "possible states from the given initial state"). */
export const WORKER_TRANSITIONS: Record<WorkerState, readonly WorkerState[]> = {
  reserved: ["running", "terminated", "expired"],
  running: ["paused", "terminating", "terminated", "completed", "failed"],
  // `completed`: a command that ended in the moment it was being stopped.
  paused: ["running", "terminating", "terminated", "completed", "failed"],
  terminating: ["terminated", "completed", "failed"],
  completed: [],
  terminated: [],
  failed: [],
  expired: [],
};

/** Times are milliseconds since the epoch, sizes are bytes. */
export interface Worker {
  /** 128 random bits or more, URL-safe. */
  id: string;
  state: WorkerState;
  created: number;
  /** Who reserved it, where that is counted: a token's id, or an address. */
  owner?: string;
  /** When an unused reservation is given back. */
  expires: number;
  kind: WorkerKind | null;
  started: number | null;
  ended: number | null;
  /** What has been transferred; exact once the work has ended, else as of the last change of state. */
  bytes: number;
  /** Size of the whole, where it is known. */
  total: number | null;
  /** Name of the file that is transferred. */
  file: string | null;
  jobId: number | null;
  /** SHA-256 of a completed upload, in hexadecimal. */
  sha256: string | null;
  /** Why it failed. */
  error: string | null;
}

export function isFinalWorker(worker: Worker): boolean {
  return WORKER_TRANSITIONS[worker.state].length === 0;
}

/**
 * The worker in state `to`, with `facts` put down.
 * @throws {Problem} `invalid_transition` when its state does not allow it.
 */
export function changeWorker(worker: Worker, to: WorkerState, facts: Partial<Worker> = {}): Worker {
  if (!WORKER_TRANSITIONS[worker.state].includes(to)) {
    throw new Problem(
      "invalid_transition",
      `Worker ${worker.id} cannot become ${to}: it is ${worker.state}.`,
      { members: { state: worker.state } },
    );
  }
  return { ...worker, ...facts, state: to };
}
