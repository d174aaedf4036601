/** What goes between the store and its writer's thread. */

import type { ErrorCode } from "../domain/errors.ts";
import type { Commit, CommitResult, Expect, Version } from "../services/ports/store.ts";
import type { MarkerRecord } from "./marker/record.ts";

export interface WriterOptions {
  path: string;
  ballast: string;
  keepChanges: number;
  marker: string;
  /** What the marker is to say; it is there already. */
  record: MarkerRecord;
  /** SQLite's setting. Anything but FULL loses acknowledged writes in a power cut; tests show that they see it. */
  synchronous: "FULL" | "NORMAL";
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
/** The slower requests: they are done in steps, between which commits go first. */
export type Errand =
  | { type: "index"; jobId: number; texts: string[] }
  | { type: "drop"; jobId: number }
  | { type: "forget"; jobIds: number[] };

export type ToWriter =
  | { type: "open"; options: WriterOptions }
  | { type: "commits"; commits: Commit[] }
  | { type: "packed"; commits: PackedCommits }
  | Errand & { request: number }
  /** Somebody who read found damage: nothing more may be written. */
  | { type: "condemn"; reason: string }
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
  | { type: "fatal"; reason: string; damaged: boolean }
  | { type: "closed" };
