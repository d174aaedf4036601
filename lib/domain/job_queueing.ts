/** What becomes of a job in the queue, as `job_transition.ts` asks for it; undefined: its state does not allow it. */

import type { Attempt, Ended, Job, JobFacts, JobSpec, Run, Waits } from "./job.ts";

/** The job with less to wait for. */
export function released(job: Job, { time, dependency }: { time?: boolean; dependency?: number }): Job | undefined {
  if (!isInQueue(job) || !job.waits) return undefined;
  const { until, for: others } = job.waits;
  const met = (time && until !== undefined) || (dependency !== undefined && others?.includes(dependency));
  if (!met) return undefined;
  const { waits: _before, ...rest } = job;
  const left = others?.filter((id) => id !== dependency) ?? [];
  return { ...rest, ...waitsFor(time ? undefined : until, left) };
}

/** The job ended before it began, or between two attempts. */
export function cancelled(job: Job, facts: JobFacts, reason: string, now: number): Job | undefined {
  if (!isInQueue(job)) return undefined;
  const last = facts.attempts?.at(-1);
  const end: Ended = {
    state: "terminated",
    ended: now,
    exitCode: null,
    signal: null,
    error: reason,
    survivors: [],
    cpu: null,
    stdoutBytes: last?.stdoutBytes ?? 0,
    stderrBytes: last?.stderrBytes ?? 0,
    resultDeleted: false,
  };
  return { ...facts, ...end };
}

/** The job with another specification; one that has begun stays what it is. */
export function edited(job: Job, { spec, waits }: { spec: JobSpec; waits?: Waits }): Job | undefined {
  if (!isInQueue(job) || job.attempts) return undefined;
  const { waits: _before, ...rest } = job;
  return { ...rest, spec, ...waitsFor(waits?.until, waits?.for ?? []) };
}

/** The job back in the queue, with the run that is over among its attempts. */
export function triedAgain(
  job: Job,
  facts: JobFacts,
  run: Run | undefined,
  { end, until }: { end: Omit<Ended, "run" | "resultDeleted">; until: number },
): Job | undefined {
  const { state } = end;
  const attempts = facts.attempts ?? [];
  const left = (job.spec.retries ?? 0) - attempts.length;
  if (!run || left <= 0 || !isRetried(state) || job.workerId !== undefined) return undefined;
  const attempt: Attempt = {
    state,
    started: run.started,
    ended: end.ended,
    pausedMs: run.pausedMs,
    exitCode: end.exitCode,
    signal: end.signal,
    error: end.error,
    cpu: end.cpu,
    stdoutBytes: end.stdoutBytes,
    stderrBytes: end.stderrBytes,
  };
  return { ...facts, attempts: [...attempts, attempt], state: "queued", waits: { until } };
}

/** Whether a job that ended so may be tried again: not when that was asked for, nor when it succeeded. */
export function isRetried(state: Ended["state"]): state is Attempt["state"] {
  return state === "failed" || state === "timed_out" || state === "lost";
}

function isInQueue(job: Job): job is Extract<Job, { state: "queued" | "paused" }> {
  return job.state === "queued" || (job.state === "paused" && !job.run);
}

function waitsFor(until: number | undefined, others: number[]): { waits?: Waits } {
  if (until === undefined && others.length === 0) return {};
  return { waits: { ...(until !== undefined && { until }), ...(others.length > 0 && { for: others }) } };
}
