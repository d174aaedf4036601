/** What goes between the store and its writer's thread. */

import type { ErrorCode } from "../domain/errors.ts";
import type { Commit, CommitResult, Expect, Version } from "../services/ports/store.ts";

export interface WriterOptions {
  path: string;
  ballast: string;
  keepChanges: number;
}

/** Changes of one key each, one place in every array. */
export interface PackedCommits {
  ids: string[];
  at: number[];
  keys: string[];
  expects: (Expect | 0)[];
  expires: (number | null)[];
  /** Bytes of the value; -1 for a removal. */
  lengths: number[];
  /** All values, one after the other. */
  values: Uint8Array;
}

/** Answers that all say `committed` to one change each: the version, below zero when there was nothing before. */
export type PackedAnswers = number[];

export type ToWriter =
  | { type: "open"; options: WriterOptions }
  | { type: "commits"; commits: Commit[] }
  | { type: "packed"; commits: PackedCommits }
  | { type: "index"; request: number; jobId: number; texts: string[] }
  | { type: "drop"; request: number; jobId: number }
  | { type: "close" };

/** `refused`: the disk did not take it; nothing has changed. */
export type Answer = CommitResult | Refusal;
export interface Refusal {
  outcome: "refused";
  code: ErrorCode;
  message: string;
}

export type FromWriter =
  | { type: "opened"; version: Version }
  | { type: "answers"; answers: Answer[]; version: Version }
  | { type: "packed"; answers: PackedAnswers; version: Version }
  | { type: "done"; request: number; refusal?: Refusal }
  | { type: "warning"; message: string }
  /** The writer can no longer be trusted; what was not answered may or may not have happened. */
  | { type: "fatal"; reason: string }
  | { type: "closed" };
