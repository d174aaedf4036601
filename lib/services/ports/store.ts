/**
 * What the services need of a store. One implementation lies in `lib/store/` (SQLite, one machine); the conformance
 * suite in `tests/conformance/` says what any other has to do.
 *
 * Every write is a {@link Commit}: one or more changes, each naming its subject and what it expects to find there.
 * All of them happen or none does. Versions come from one rising sequence over the whole store, never repeat, and
 * are opaque to callers: compare them for equality and order, nothing else.
 */

import type { FileRecord } from "../../domain/file.ts";
import type { EndedJob, Job, JobState } from "../../domain/job.ts";
import type { KeyRecord } from "../../domain/key.ts";
import type { PartialUpload } from "../../domain/partial_upload.ts";
import type { Queue, QueueLoad } from "../../domain/queue.ts";
import type { Worker } from "../../domain/worker.ts";

export type Version = number;

/** A value and the version of the change that put it there. */
export interface Versioned<T> {
  value: T;
  version: Version;
}

/** What has to be true of a subject for a change to happen. */
export type Expect =
  | { is: "any" }
  | { is: "absent" }
  | { is: "present" }
  | { is: "version"; oneOf: Version[] }
  | { is: "not_version"; noneOf: Version[] };

/**
 * Adds a whole number to the one that a key holds as decimal text; a key that is not there counts as 0. Its time to live
 * stays as it is. Numbers go from -(2^53 - 1) to 2^53 - 1. Repeating one with the same `once` changes nothing and gives
 * the first answer, over restarts too: at least the latest 100,000 of them are known.
 */
export interface Addition {
  amount: number;
  once?: string;
}

/**
 * `value: null` removes the subject; without `value` the expectation is only checked. A removal that expects `absent`
 * sweeps away a key that has expired (the feed says so), and does nothing where nothing is. The removal of a queue that
 * has jobs which have not ended is a conflict with what is there.
 *
 * `through`: what a job becomes on its way to `value`, in the same commit, oldest first. The feed tells of each under a
 * version of its own; lists and reads only ever see the last.
 */
export type Change =
  | { kind: "key"; id: string; expect: Expect; value?: KeyRecord | null; add?: undefined }
  /** Stands alone in its commit. */
  | { kind: "key"; id: string; expect: Expect; value?: undefined; add: Addition }
  | { kind: "job"; id: number; expect: Expect; value?: Job | null; through?: Job[] }
  | { kind: "worker"; id: string; expect: Expect; value?: Worker | null }
  | { kind: "file"; id: string; expect: Expect; value?: FileRecord | null }
  | { kind: "queue"; id: string; expect: Expect; value?: Queue | null }
  | { kind: "upload"; id: string; expect: Expect; value?: PartialUpload | null };
export type Kind = Change["kind"];

export interface Commit {
  /** Unique; committing the same id again changes nothing and gives the first answer. */
  id: string;
  /** The writer's idea of the time, in milliseconds since the epoch: what has expired by then counts as absent. */
  at: number;
  /** At least one. No subject may occur twice among those that write. */
  changes: Change[];
}

/** A change as it was applied. `existed`: there was something before it. `version`: of the change; a check has the found one, 0 for nothing. */
export interface Applied {
  version: Version;
  existed: boolean;
  /** What an addition came to. */
  sum?: number;
}

/**
 * A change that did not find what it expected; `version` is what it found, null for nothing. `reason`: it found that, but
 * cannot add to it: the value is no number, the sum would not be one, or `once` belongs to another addition.
 */
export interface Conflict {
  index: number;
  version: Version | null;
  reason?: "not_a_number" | "out_of_range" | "used_otherwise";
}

/**
 * `committed`: on disk, for good. `conflict`: nothing changed. `unknown`: it may or may not have happened (never on
 * one machine, where the process dies with its doubt); committing the same id again tells.
 */
export type CommitResult =
  | { outcome: "committed"; applied: Applied[] }
  | { outcome: "conflict"; conflicts: Conflict[] }
  | { outcome: "unknown"; reason: string };

/** One entry of the change feed. `value` is null when the subject was removed. */
export type FeedEntry =
  & { version: Version }
  & (
    | { kind: "key"; id: string; value: KeyRecord | null }
    | { kind: "job"; id: number; value: Job | null }
    | { kind: "worker"; id: string; value: Worker | null }
    | { kind: "file"; id: string; value: FileRecord | null }
    | { kind: "queue"; id: string; value: Queue | null }
    | { kind: "upload"; id: string; value: PartialUpload | null }
  );

export interface FeedOptions {
  /** Everything with a higher version is given, oldest first; then what is still to come. */
  after: Version;
  kinds?: Kind[];
  signal: AbortSignal;
}

/** One page of a list. `upTo`: the list reflects every change up to this version. */
export interface Page<T> {
  items: T[];
  /** Gives the next page when passed back; not there on the last one. Stable under inserts. */
  next?: string;
  upTo: Version;
}

export type JobSort = "created" | "-created" | "duration" | "-duration" | "ended" | "-ended";

export interface JobQuery {
  /** Every folded word has to be a substring of command, name or labels. */
  q?: string;
  /** Every folded word has to be a substring of the indexed output. */
  output?: string;
  states?: JobState[];
  exitCode?: number;
  labels?: Record<string, string>;
  /** Name of a queue. */
  queue?: string;
  /** All that whoever asks may see: jobs in one of these queues that have all of these labels. */
  within?: { queues?: string[]; labels?: Record<string, string> };
  /** Created at or after, and before; milliseconds since the epoch. */
  since?: number;
  until?: number;
  /** Seconds. */
  minDuration?: number;
  /** Only jobs that have ended and whose result was not deleted. */
  withResult?: boolean;
  sort: JobSort;
  limit: number;
  cursor?: string;
}

/** A queue, and how many of its jobs there is room for. */
export interface QueueRoom {
  name: string;
  most: number;
}

export interface OldestQuery {
  limit: number;
  /** Only those behind this one. */
  after?: { ended: number; id: number };
  /** Only those that keep something on the disk. */
  withOutput?: boolean;
}

export interface JobReader {
  get(id: number): Promise<Versioned<Job> | undefined>;
  /** @throws {Problem} `invalid_request` for a cursor that is not one of this query's. */
  list(query: JobQuery): Promise<Page<Versioned<Job>>>;
  /**
   * Queued jobs that wait for nothing but their turn, in the order in which they are to start: higher priority first,
   * then lower id. Only of the queues that are named, and of each no more than it has room for. Takes no longer however
   * many others there are, in these queues or elsewhere.
   */
  queue(limit: number, rooms: QueueRoom[]): Promise<Versioned<Job>[]>;
  /** Jobs in the queue that wait for a time which has come by `now`, earliest first. */
  due(now: number, limit: number): Promise<Versioned<Job>[]>;
  /** The earliest time that any job in the queue waits for. */
  nextDue(): Promise<number | undefined>;
  /** Jobs that wait for the end of job `id`. */
  dependents(id: number, limit: number): Promise<Versioned<Job>[]>;
  /** Ids of jobs whose end others still wait for, although they have ended or are gone. */
  settled(limit: number): Promise<number[]>;
  /** What there is in each queue that has jobs which have not ended. */
  loads(): Promise<Map<string, QueueLoad>>;
  /** Jobs that have, or may have, processes. */
  active(): Promise<Versioned<Job>[]>;
  byIdempotencyKey(key: string): Promise<Versioned<Job> | undefined>;
  /** The highest id ever given, deleted jobs included; 0 when there was none. */
  lastId(): Promise<number>;
  /** How many jobs are in each state. */
  counts(): Promise<Record<JobState, number>>;
  /** Jobs that have ended, the first to end first. */
  oldest(query: OldestQuery): Promise<Versioned<EndedJob>[]>;
  /** What all ended jobs keep on the disk, in bytes; see `keptBytes`. Added up with every commit, never counted. */
  outputBytes(): Promise<number>;
  /**
   * Jobs that were removed, or whose result was, and whose files may still be there: each is named here from that very
   * commit on, until {@link Store.forgetLeftovers}.
   */
  leftovers(limit: number): Promise<number[]>;
}

export interface KeyReader {
  /** Not there when it has expired by `now` (milliseconds since the epoch). */
  get(key: string, now: number): Promise<Versioned<KeyRecord> | undefined>;
  /** In byte order of the keys. */
  list(query: { prefix?: string; limit: number; cursor?: string; now: number }): Promise<Page<Versioned<KeyRecord>>>;
  /** Keys that expired by `now`, at most `limit`. */
  expired(now: number, limit: number): Promise<Versioned<KeyRecord>[]>;
  count(): Promise<number>;
}

export interface WorkerReader {
  get(id: string): Promise<Versioned<Worker> | undefined>;
  /** Workers that have not ended. */
  active(): Promise<Versioned<Worker>[]>;
  /** Ended before `time` (milliseconds since the epoch), at most `limit`. */
  endedBefore(time: number, limit: number): Promise<Versioned<Worker>[]>;
}

export interface FileReader {
  get(name: string): Promise<Versioned<FileRecord> | undefined>;
  /** By name. */
  list(query: { limit: number; cursor?: string }): Promise<Page<Versioned<FileRecord>>>;
}

export interface UploadQuery {
  /** Only those of a file of that name. */
  name?: string;
  limit: number;
  cursor?: string;
}

export interface UploadReader {
  get(id: string): Promise<Versioned<PartialUpload> | undefined>;
  /** Newest first. @throws {Problem} `invalid_request` for a cursor that is not one of this query's. */
  list(query: UploadQuery): Promise<Page<Versioned<PartialUpload>>>;
  /** Last touched before `time` (milliseconds since the epoch), at most `limit`. */
  touchedBefore(time: number, limit: number): Promise<Versioned<PartialUpload>[]>;
}

export interface QueueReader {
  /** All of them, by name. */
  list(): Promise<Versioned<Queue>[]>;
}

/** The part of a store that answers, from the machine's own copy. */
export interface Readers {
  keys: KeyReader;
  jobs: JobReader;
  workers: WorkerReader;
  files: FileReader;
  queues: QueueReader;
  uploads: UploadReader;
}

export interface Store extends Readers {
  /**
   * Applies a commit. When it answers `committed`, the change is on disk and every later read on this machine sees it.
   * @throws {Problem} `storage_full` or `storage_failed` when the disk does not take it; nothing has changed then.
   */
  commit(commit: Commit): Promise<CommitResult>;
  /**
   * Makes a job's output findable by {@link JobQuery.output}. Replaces what was indexed for that job before; goes with
   * the job when that is removed. Done in small steps that do not hold up commits.
   */
  indexOutput(jobId: number, texts: string[]): Promise<void>;
  dropOutput(jobId: number): Promise<void>;
  /** The files of these jobs are gone; see {@link JobReader.leftovers}. */
  forgetLeftovers(jobIds: number[]): Promise<void>;
  /**
   * Follows the changes, without gap or repeat, until the signal aborts.
   * @throws {Problem} `changes_gone` when the changes after that version are no longer kept; `members.oldest` is the
   * lowest version that may be asked for.
   */
  follow(options: FeedOptions): AsyncIterable<FeedEntry>;
  /** The version of the last change. */
  version(): Version;
  /**
   * A key that has not expired by `now`, at once, from the machine's own copy, with its value as text.
   * @throws {Problem} `storage_failed`
   */
  peek(key: string, now: number): { version: Version; text: string } | undefined;
  /** The lowest version that {@link Store.follow} may be asked for at this moment. */
  oldest(): Version;
  /** Resolves, with the reason, when the store can no longer be trusted and the process has to end. */
  readonly failed: Promise<Error>;
  /** Finishes what was accepted and lets go of the directory. */
  close(): Promise<void>;
}
