/** A job's way through the queue as the contract shows it. */

import type { Attempt, Job } from "../../lib/domain/job.ts";
import { attemptOf, queueOf, waitsOf } from "../../lib/domain/job.ts";
import { timeOrNull, timeText } from "./common.ts";

/** What a line of a list shows of it. */
export function queueingLine(job: Job) {
  const waits = waitsOf(job);
  return {
    queue: queueOf(job),
    waiting_until: timeOrNull(waits?.until),
    waiting_for: waits?.for ?? [],
    attempt: attemptOf(job),
    rerun_of: job.rerunOf ?? null,
  };
}

/** The rest of it. */
export function queueingView({ spec, attempts = [] }: Job) {
  return {
    start_at: timeOrNull(spec.startAt),
    after: spec.after ?? [],
    if: spec.after ? spec.condition ?? ("succeeded" as const) : null,
    retries: spec.retries ?? 0,
    retry_delay: spec.retryDelay ?? null,
    backoff: spec.backoff ?? null,
    max_retry_delay: spec.maxRetryDelay ?? null,
    attempts: attempts.map((attempt, i) => attemptView(attempt, i + 1, attempts[i - 1])),
  };
}

function attemptView(attempt: Attempt, number: number, before: Attempt | undefined) {
  return {
    attempt: number,
    state: attempt.state,
    started: timeText(attempt.started),
    ended: timeText(attempt.ended),
    duration: Math.max(0, attempt.ended - attempt.started) / 1000,
    paused: attempt.pausedMs / 1000,
    exit_code: attempt.exitCode,
    signal: attempt.signal,
    error: attempt.error,
    stdout_from: before?.stdoutBytes ?? 0,
    stdout_to: attempt.stdoutBytes,
    stderr_from: before?.stderrBytes ?? 0,
    stderr_to: attempt.stderrBytes,
  };
}
