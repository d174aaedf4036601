/**
 * A job: one shell command, from the moment somebody asked for it until its history is removed.
 * Pure data and rules; `transition.ts` moves a job from state to state.
 */

import type { Limits, Sandbox } from "./confinement.ts";
import { DEFAULT_QUEUE } from "./queue.ts";
import type { Usage } from "./usage.ts";

export const JOB_STATES = [
  "queued",
  "running",
  "paused",
  "succeeded",
  "failed",
  "terminated",
  "timed_out",
  "lost",
] as const;
export type JobState = typeof JOB_STATES[number];

export const FINAL_JOB_STATES = ["succeeded", "failed", "terminated", "timed_out", "lost"] as const;
export type FinalJobState = typeof FINAL_JOB_STATES[number];

/** What is to be run, as it was asked for. Exactly one of `command` and `argv` is there. */
export interface JobSpec {
  /** A line for `/bin/sh -c`. */
  command?: string;
  /** A program and its arguments, run without a shell. */
  argv?: string[];
  name?: string;
  labels?: Record<string, string>;
  /** Working directory; the server's data directory is never one. Default: the user's home. */
  cwd?: string;
  /** Added to the clean environment. */
  env?: Record<string, string>;
  /** Names of variables whose values are kept apart, until the job has started for the last time. */
  secretEnv?: string[];
  /** Text fed to standard input, which is empty otherwise. */
  stdin?: string;
  /** Seconds of running (paused time not counted) after which the job is ended. */
  timeout?: number;
  /** Seconds between SIGTERM and SIGKILL. */
  grace: number;
  /** Higher goes first. */
  priority: number;
  /** Name of the queue that it goes through. Default: `default`. */
  queue?: string;
  /** It starts no earlier; milliseconds since the epoch, by the wall clock. */
  startAt?: number;
  /** Ids of jobs that have to end before it starts. */
  after?: number[];
  /** How they have to end. Default: `succeeded`. */
  condition?: AfterCondition;
  /** How often it is tried again when it did not succeed. Default: 0. */
  retries?: number;
  /** Seconds from the end of the first attempt to the second. */
  retryDelay?: number;
  /** What that is multiplied by from each attempt to the next. */
  backoff?: number;
  /** The longest that it grows to, in seconds. */
  maxRetryDelay?: number;
  /** Bytes that each output may have before the job is ended. Default: the server's `--max-output`. */
  maxOutput?: number;
  limits?: Limits;
  /** True: one that reaches no network and writes nowhere. Default: the server's. */
  sandbox?: boolean | Sandbox;
}

/** `succeeded`: with exit code 0, else the job that waits is cancelled. `done`: in any way. */
export type AfterCondition = "succeeded" | "done";

/** What stays the same through a job's life. Times are milliseconds since the epoch. */
export interface JobFacts {
  id: number;
  spec: JobSpec;
  created: number;
  /** The environment variable value by which the job's processes are known. */
  cookie: string;
  /** The worker slot it runs in, when it was started by `/job/new/{worker-id}`. */
  workerId?: string;
  /** What made it, to recognise a repeated request. */
  idempotency?: { key: string; digest: string };
  /** The job that it repeats. */
  rerunOf?: number;
  /** The attempts before this one, oldest first; not there when there were none. */
  attempts?: Attempt[];
}

/** One time that a job ran, and had to run again. */
export interface Attempt {
  state: "failed" | "timed_out" | "lost";
  started: number;
  ended: number;
  pausedMs: number;
  exitCode: number | null;
  signal: string | null;
  error: string | null;
  cpu: { user: number; system: number } | null;
  /** How long the outputs, which all attempts add to, were at its end; in bytes. */
  stdoutBytes: number;
  stderrBytes: number;
}

/** What has to come to pass before a queued job may start. At least one of the two is there. */
export interface Waits {
  /** A time; milliseconds since the epoch, by the wall clock. */
  until?: number;
  /** Ends of other jobs, by their ids. */
  for?: number[];
}

/** Why a running job is being ended; persisted before the first signal goes out. */
export interface StopIntent {
  /** `output_limit`: it wrote more than it may; its end is `failed`. */
  reason: "terminated" | "timed_out" | "output_limit";
  at: number;
  /** Seconds between SIGTERM and SIGKILL, where not the job's own. */
  grace?: number;
  /** For people, where the reason alone says too little. */
  error?: string;
}

/** The part of a life that has processes. */
export interface Run {
  started: number;
  /** Milliseconds spent paused so far, not counting a pause that still lasts. */
  pausedMs: number;
  stop?: StopIntent;
}

export interface Queued {
  state: "queued";
  /** Not there when it waits for nothing but its turn. */
  waits?: Waits;
}
export interface Running {
  state: "running";
  run: Run;
}
/** Paused while running (`run` is there) or held back in the queue (it is not). */
export interface Paused {
  state: "paused";
  since: number;
  run?: Run;
  /** Only of one that is held back. */
  waits?: Waits;
}
export interface Ended {
  state: FinalJobState;
  ended: number;
  /** Not there when it never started. */
  run?: Run;
  /** What the shell would say in `$?`; null when no code is known. */
  exitCode: number | null;
  /** Name of the signal that ended it (`SIGKILL`), if one did. */
  signal: string | null;
  /** Why it could not start, was lost, or was cancelled. */
  error: string | null;
  /** Processes that outlived SIGKILL. */
  survivors: number[];
  /** Seconds of processor time of the command and the children it waited for, where known. */
  cpu: { user: number; system: number } | null;
  /** What was seen of it while it ran; null when it was not looked at, not there in jobs of older releases. */
  usage?: Usage | null;
  /** Sizes of the outputs in bytes. */
  stdoutBytes: number;
  stderrBytes: number;
  /** The result was deleted: it answers 410. */
  resultDeleted: boolean;
}

export type Job = JobFacts & (Queued | Running | Paused | Ended);
export type EndedJob = JobFacts & Ended;

export function isEnded(job: Job): job is EndedJob {
  return (FINAL_JOB_STATES as readonly string[]).includes(job.state);
}

/** Whether the job has, or may have, processes. */
export function isActive(job: Job): job is JobFacts & (Running | (Paused & { run: Run })) {
  return job.state === "running" || (job.state === "paused" && job.run !== undefined);
}

/** The queue that the job goes through; null for one that was started in a worker slot. */
export function queueOf(job: Job): string | null {
  return job.workerId === undefined ? job.spec.queue ?? DEFAULT_QUEUE : null;
}

/** What the job still waits for, besides its turn. */
export function waitsOf(job: Job): Waits | undefined {
  return job.state === "queued" || job.state === "paused" ? job.waits : undefined;
}

/** Which attempt this is, or will be: the first one is 1. */
export function attemptOf(job: JobFacts): number {
  return (job.attempts?.length ?? 0) + 1;
}

/** The job's command as one line for people: `argv` is quoted as a shell would take it. */
export function commandLine(spec: JobSpec): string {
  if (spec.command !== undefined) return spec.command;
  return (spec.argv ?? []).map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
    .join(" ");
}

/** What an ended job keeps on the disk, in bytes: what it printed and was fed; nothing once its result was deleted. */
export function keptBytes({ spec, stdoutBytes, stderrBytes, resultDeleted }: EndedJob): number {
  if (resultDeleted) return 0;
  return stdoutBytes + stderrBytes + (spec.stdin ? new TextEncoder().encode(spec.stdin).length : 0);
}

/** Seconds between start and end, pauses included; 0 when it never started. */
export function durationOf(job: EndedJob): number {
  return job.run ? Math.max(0, job.ended - job.run.started) / 1000 : 0;
}
