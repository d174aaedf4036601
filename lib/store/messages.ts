/** What goes between the store and its writer's thread. */

import type { ErrorCode } from "../domain/errors.ts";
import type { Commit, CommitResult, Expect, Version } from "../services/ports/store.ts";

export interface WriterOptions {
  path: string;
  ballast: string;
  keepChanges: number;
  /** The database's. */
  identity: string;
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
  /** Groups out of the journal, one behind the other. */
  | { type: "take"; groups: Uint8Array }
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
  /** `room`: whether anything but removals would be taken now. */
  | { type: "answers"; answers: Answer[]; version: Version; room: boolean }
  | { type: "packed"; answers: PackedAnswers; version: Version; room: boolean }
  /** The database has what it was to take over, up to `version`; `refusal`: not all of it, and why. */
  | { type: "taken"; version: Version; room: boolean; refusal?: Refusal }
  | { type: "done"; request: number; refusal?: Refusal }
  | { type: "warning"; message: string }
  /** The writer can no longer be trusted; what was not answered may or may not have happened. */
  | { type: "fatal"; reason: string; damaged: boolean }
  | { type: "closed" };
