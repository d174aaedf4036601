/** The one place where a job changes its state. */

import { Problem } from "./errors.ts";
import {
  type Ended,
  type FinalJobState,
  type Job,
  type JobFacts,
  type JobState,
  type Paused,
  type Run,
  type StopIntent,
} from "./job.ts";

/** Which states may follow which. `docs/architecture.md` draws it. */
export const JOB_TRANSITIONS: Record<JobState, readonly JobState[]> = {
  queued: ["running", "paused", "terminated"],
  // Back to the queue: the server died after it had decided to start the job and before it did.
  running: ["paused", "queued", "succeeded", "failed", "terminated", "timed_out", "lost"],
  // To the queue only when it was held there; stopping it first makes it running again, so that it hears of it.
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
  | { type: "end"; end: Omit<Ended, "run" | "resultDeleted"> };

const PAST: Record<JobEvent["type"], string> = {
  start: "start",
  unstart: "put back",
  pause: "pause",
  resume: "resume",
  stop: "terminate",
  end: "end",
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
  return stopping ? "being terminated" : job.state.replace("_", " ");
}

function apply(job: Job, event: JobEvent, now: number): Job | undefined {
  const facts = factsOf(job);
  switch (event.type) {
    case "start":
      return job.state === "queued" ? { ...facts, state: "running", run: { started: now, pausedMs: 0 } } : undefined;
    case "unstart":
      if (job.state === "paused" && job.run && !job.run.stop) return { ...facts, state: "paused", since: job.since };
      return job.state === "running" && !job.run.stop ? { ...facts, state: "queued" } : undefined;
    case "pause":
      if (job.state === "queued") return { ...facts, state: "paused", since: now };
      return job.state === "running" && !job.run.stop
        ? { ...facts, state: "paused", since: now, run: job.run }
        : undefined;
    case "resume":
      if (job.state !== "paused" || job.run?.stop) return undefined;
      return job.run
        ? { ...facts, state: "running", run: afterPause(job, job.run, now) }
        : { ...facts, state: "queued" };
    case "stop":
      return stop(job, facts, event, now);
    case "end":
      return end(job, facts, event.end, now);
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
    return { ...facts, ...neverStarted("terminated", now), error: "Cancelled before it started." };
  }
  if (job.state === "running" && !job.run.stop) return { ...job, run: { ...job.run, stop: intent } };
  // A paused tree is continued so that it can hear SIGTERM.
  if (job.state === "paused" && job.run && !job.run.stop) {
    return { ...facts, state: "running", run: { ...afterPause(job, job.run, now), stop: intent } };
  }
  return undefined;
}

function end(job: Job, facts: JobFacts, end: Omit<Ended, "run" | "resultDeleted">, now: number): Job | undefined {
  if (job.state !== "running" && !(job.state === "paused" && job.run)) return undefined;
  const run = job.state === "paused" ? afterPause(job, job.run!, now) : job.run;
  return { ...facts, ...end, run, resultDeleted: false };
}

function afterPause(job: Paused, run: Run, now: number): Run {
  return { ...run, pausedMs: run.pausedMs + Math.max(0, now - job.since) };
}

function neverStarted(state: FinalJobState, now: number): Ended {
  return {
    state,
    ended: now,
    exitCode: null,
    signal: null,
    error: null,
    survivors: [],
    cpu: null,
    stdoutBytes: 0,
    stderrBytes: 0,
    resultDeleted: false,
  };
}

function factsOf(job: Job): JobFacts {
  const { id, spec, created, cookie, workerId, idempotency } = job;
  return { id, spec, created, cookie, ...(workerId && { workerId }), ...(idempotency && { idempotency }) };
}
