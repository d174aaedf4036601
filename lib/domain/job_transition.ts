/** The one place where a job changes its state. */

import { Problem } from "./errors.ts";
import {
  attemptOf,
  type Ended,
  type Job,
  type JobFacts,
  type JobSpec,
  type JobState,
  type Paused,
  type Run,
  type StopIntent,
  type Waits,
} from "./job.ts";
import { cancelled, edited, released, triedAgain } from "./job_queueing.ts";

/** Which states may follow which. `docs/architecture.md` draws it. */
export const JOB_TRANSITIONS: Record<JobState, readonly JobState[]> = {
  queued: ["running", "paused", "terminated"],
  // Back to the queue: the server died after it had decided to start the job and before it did; or to be tried again.
  running: ["paused", "queued", "succeeded", "failed", "terminated", "timed_out", "lost"],
  // To the queue when it was held there, or to be tried again. Stopping it makes it running first, so that it hears of it.
  paused: ["running", "queued", "succeeded", "failed", "terminated", "lost"],
  succeeded: [],
  failed: [],
  terminated: [],
  timed_out: [],
  lost: [],
};

export type JobEvent =
  | { type: "start" }
  | { type: "unstart" }
  | { type: "pause" }
  | { type: "resume" }
  | ({ type: "stop" } & Omit<StopIntent, "at">)
  | { type: "end"; end: JobEnd }
  /** It has run and did not succeed, and runs again after a time (milliseconds since the epoch, by the wall clock). */
  | { type: "retry"; end: JobEnd; until: number }
  /** Some of what a queued job waits for has come to pass. */
  | { type: "release"; time?: boolean; dependency?: number }
  /** A queued job can never start, for that reason. */
  | { type: "cancel"; reason: string }
  /** A job that has not begun becomes another one. */
  | { type: "edit"; spec: JobSpec; waits?: Waits };

/** How the processes of a job ended. */
export type JobEnd = Omit<Ended, "run" | "resultDeleted">;

const PAST: Record<JobEvent["type"], string> = {
  start: "start",
  unstart: "put back",
  pause: "pause",
  resume: "resume",
  stop: "terminate",
  end: "end",
  retry: "retry",
  release: "release",
  cancel: "cancel",
  edit: "edit",
};

/**
 * The job after `event` at `now` (milliseconds since the epoch).
 * @throws {Problem} `invalid_transition` when the job's state does not allow it.
 */
export function transition(job: Job, event: JobEvent, now: number): Job {
  const next = apply(job, event, now);
  if (!next || (next.state !== job.state && !JOB_TRANSITIONS[job.state].includes(next.state))) {
    throw new Problem(
      "invalid_transition",
      `Cannot ${PAST[event.type]} job ${job.id}: it is ${describeState(job)}.`,
      { members: { state: job.state } },
    );
  }
  return next;
}

/** The job's state for people, with what an intent to stop it makes of it. */
export function describeState(job: Job): string {
  const stopping = "run" in job && job.run?.stop && !("ended" in job);
  if (stopping) return "being terminated";
  const again = job.state === "queued" && job.attempts ? ` for attempt ${attemptOf(job)}` : "";
  return job.state.replace("_", " ") + again;
}

function apply(job: Job, event: JobEvent, now: number): Job | undefined {
  const facts = factsOf(job);
  switch (event.type) {
    case "start":
      return job.state === "queued" && !job.waits
        ? { ...facts, state: "running", run: { started: now, pausedMs: 0 } }
        : undefined;
    case "unstart":
      if (job.state === "paused" && job.run && !job.run.stop) return { ...facts, state: "paused", since: job.since };
      return job.state === "running" && !job.run.stop ? { ...facts, state: "queued" } : undefined;
    case "pause":
      if (job.state === "queued") return { ...facts, state: "paused", since: now, ...waiting(job.waits) };
      return job.state === "running" && !job.run.stop
        ? { ...facts, state: "paused", since: now, run: job.run }
        : undefined;
    case "resume":
      if (job.state !== "paused" || job.run?.stop) return undefined;
      return job.run
        ? { ...facts, state: "running", run: afterPause(job, job.run, now) }
        : { ...facts, state: "queued", ...waiting(job.waits) };
    case "stop":
      return stop(job, facts, event, now);
    case "end":
      return end(job, facts, event.end, now);
    case "retry":
      return triedAgain(job, facts, runUntil(job, now), event);
    case "release":
      return released(job, event);
    case "cancel":
      return cancelled(job, facts, event.reason, now);
    case "edit":
      return edited(job, event);
  }
}

/** What has no processes ends at once; what has some is marked first and ends when they are gone. */
function stop(job: Job, facts: JobFacts, why: Omit<StopIntent, "at">, now: number): Job | undefined {
  const { reason, grace, error } = why;
  const intent: StopIntent = {
    reason,
    at: now,
    ...(grace !== undefined && { grace }),
    ...(error !== undefined && { error }),
  };
  if (job.state === "queued" || (job.state === "paused" && !job.run)) {
    const when = job.attempts ? `while it waited for attempt ${attemptOf(job)}` : "before it started";
    return cancelled(job, facts, `Cancelled ${when}.`, now);
  }
  if (job.state === "running" && !job.run.stop) return { ...job, run: { ...job.run, stop: intent } };
  // A paused tree is continued so that it can hear SIGTERM.
  if (job.state === "paused" && job.run && !job.run.stop) {
    return { ...facts, state: "running", run: { ...afterPause(job, job.run, now), stop: intent } };
  }
  return undefined;
}

function end(job: Job, facts: JobFacts, end: JobEnd, now: number): Job | undefined {
  const run = runUntil(job, now);
  return run && { ...facts, ...end, run, resultDeleted: false };
}

/** The run of a job that has processes, a pause that lasts until `now` included. */
function runUntil(job: Job, now: number): Run | undefined {
  if (job.state === "running") return job.run;
  return job.state === "paused" && job.run ? afterPause(job, job.run, now) : undefined;
}

function afterPause(job: Paused, run: Run, now: number): Run {
  return { ...run, pausedMs: run.pausedMs + Math.max(0, now - job.since) };
}

function waiting(waits: Waits | undefined): { waits?: Waits } {
  return waits ? { waits } : {};
}

function factsOf(job: Job): JobFacts {
  const { id, spec, created, cookie, workerId, idempotency, rerunOf, attempts } = job;
  return {
    id,
    spec,
    created,
    cookie,
    ...(workerId && { workerId }),
    ...(idempotency && { idempotency }),
    ...(rerunOf && { rerunOf }),
    ...(attempts && { attempts }),
  };
}
