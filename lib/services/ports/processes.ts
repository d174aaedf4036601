/**
 * What the services need of the operating system to run jobs. Implemented in `lib/process/`.
 *
 * All that is known of a run lies in files under the data directory: its output and the wrapper's record of how it
 * started and ended. So a later server finds everything.
 */

import type { Breach } from "../../domain/confinement.ts";
import type { FieldError } from "../../domain/errors.ts";
import type { JobSpec } from "../../domain/job.ts";
import type { Usage } from "../../domain/usage.ts";
import type { Signal } from "../../domain/signal.ts";

export type OutputName = "stdout" | "stderr";
/** Who gets a signal: the command's own process only, or all processes of the job. */
export type SignalTarget = "job" | "all";

export interface RunRequest {
  jobId: number;
  /** Which run of the job this is; default 1, the first. Each has a record of its own; all add to the same outputs. */
  attempt?: number;
  cookie: string;
  spec: JobSpec;
}

/**
 * How a run came to its end. `exited`: as the wrapper wrote it down; a code above 128 may be a signal's.
 * `not_started`: the command never ran, with the reason for people. `vanished`: nobody knows.
 */
export type RunEnd =
  | {
    how: "exited";
    code: number;
    /** The name of the signal, when one ended it: `SIGKILL`. */
    signal: string | null;
    /** Milliseconds since the epoch. */
    ended: number;
    cpu: { user: number; system: number } | null;
    /** Whether it is known that neither output held a byte when the command ended. */
    quiet?: boolean;
    /** The limit that it, or a part of it, was ended by or came up against, where that is known. */
    broke?: Breach;
  }
  | { how: "not_started"; reason: string }
  | { how: "vanished" };

/** A run that was begun, by this server or by one before it. */
export interface RunHandle {
  readonly jobId: number;
  /** Process id of the command: the leader of its session and process group. */
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** Resolves once, when the command has ended (its descendants may live on). Never rejects. */
  readonly ended: Promise<RunEnd>;
  /** What was seen so far of what it takes of the machine; null before the first look. */
  readonly usage: Usage | null;
  /** Stops the whole process tree (SIGSTOP), until {@link resume}. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Sends a signal to the command's own process (`job`) or to the whole tree (`all`). */
  signal(signal: Signal, to: SignalTarget): Promise<void>;
  /** The ids of the processes of the job that are there now. */
  members(): Promise<number[]>;
  /**
   * Ends the whole tree: SIGTERM (and SIGCONT), after `graceMs` SIGKILL until nothing is left.
   * Returns the process ids that outlived it, normally none.
   */
  terminate(graceMs: number): Promise<number[]>;
  /**
   * Gives up the files of outputs that hold nothing, for later runs to use. To be called when the end is on disk and the
   * job is not to run again. Does nothing where anybody might still write to them.
   */
  giveUp(outputs: OutputName[]): void;
}

/** An output held open for many readers, also after its removal. */
export interface OpenOutput {
  /** Its size in bytes now; 0 when there is none yet. Looks without waiting, in some microseconds. */
  size(): number;
  /** At most `length` bytes from `start` on; fewer only at the end. */
  read(start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): void;
}

export interface Processes {
  /** Begins a run. When it resolves, the run's own record of its start is on disk (or `ended` says why there is none). */
  start(request: RunRequest): Promise<RunHandle>;
  /**
   * Takes up a run begun by an earlier server. `never_began`: it had not been started, and now never will be, so that it
   * may be queued again.
   */
  adopt(request: RunRequest): Promise<RunHandle | "never_began">;
  /** What is wrong with the confinement that a job asks for; undefined when it can be had. */
  objection(spec: JobSpec): Promise<FieldError | undefined>;
  /** Size in bytes of an output so far; 0 when there is none. */
  outputSize(jobId: number, name: OutputName): Promise<number>;
  /** At most the last `limit` bytes of an output as text: bytes that are not UTF-8 as U+FFFD, no half character at the cut. */
  outputTail(jobId: number, name: OutputName, limit: number): Promise<{ text: string; truncated: boolean }>;
  /**
   * Bytes `start` (inclusive) to `end` (exclusive; default: the size when it was opened) of an output, read as they are
   * pulled.
   */
  readOutput(
    jobId: number,
    name: OutputName,
    options: { start: number; end?: number },
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** Holds an output open, whether there is one yet or not. Opens no file before something is read. */
  openOutput(jobId: number, name: OutputName): OpenOutput;
  /**
   * Where the last `lines` lines of an output begin, as a byte offset.
   * @throws the signal's reason when nobody wants to know any more.
   */
  tailOffset(jobId: number, name: OutputName, lines: number, signal?: AbortSignal): Promise<number>;
  /**
   * Removes the output of a job and the records of its runs. `attempts`: how many there were, as far as that is known.
   * Does nothing when there is none.
   */
  removeOutput(jobId: number, attempts?: number): Promise<void>;
  /**
   * Removes what belongs to jobs with ids above `lastId`: of a store that was put back to an earlier time. A new job by
   * one of these ids would be taken for one that has run.
   */
  removeBeyond(lastId: number): Promise<void>;
  /** Removes what earlier servers left behind. To be called when all runs that may be there have been taken up. */
  tidy(): Promise<void>;
  /** Lets go of helpers. Jobs go on. */
  close(): Promise<void>;
}
