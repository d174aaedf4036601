/** Jobs, their statuses and their results as the contract shows them. */

import type { z } from "zod";
import { LIMIT_FIELDS, LIMIT_NAMES, type Limits } from "../../lib/domain/confinement.ts";
import { commandLine, durationOf, type EndedJob, isEnded, type Job, type JobSpec } from "../../lib/domain/job.ts";
import type { Resources } from "../../lib/services/jobs/resources.ts";
import type { JobResult } from "../../lib/services/jobs/results.ts";
import type { JobSchema, JobSummarySchema, ResourcesSchema } from "../../openapi/job_schemas.ts";
import type { ResultSchema, ResultSummarySchema } from "../../openapi/results.ts";
import type { StatusSchema } from "../../openapi/statuses.ts";
import { queueingLine, queueingView } from "./queueing_view.ts";
import { jobUrl, resultUrl, statusUrl, timeOrNull, timeText } from "./common.ts";

/** `now`: milliseconds since the epoch, for a pause that still lasts. */
export function jobView(job: Job, now: number, resources: Resources): z.output<typeof JobSchema> {
  const { argv, cwd, env, secretEnv, stdin, timeout, grace, maxOutput, limits, sandbox } = job.spec;
  return {
    ...jobSummaryView(job),
    argv: argv ?? null,
    cwd: cwd ?? null,
    env: env ?? {},
    secret_env: Object.fromEntries((secretEnv ?? []).map((name) => [name, "***" as const])),
    stdin_bytes: new TextEncoder().encode(stdin ?? "").length,
    timeout: timeout ?? null,
    grace,
    max_output: maxOutput ?? null,
    limits: limitsView(limits),
    sandbox: sandbox ?? null,
    paused: pausedSeconds(job, now),
    resources: resourcesView(resources),
    ...queueingView(job),
    ...outputUrls(job),
  };
}

export function jobSummaryView(job: Job): z.output<typeof JobSummarySchema> {
  return {
    job_id: job.id,
    ...line(job.spec),
    created: timeText(job.created),
    state: job.state,
    done: isEnded(job),
    stopping: isStopping(job),
    priority: job.spec.priority,
    worker_id: job.workerId ?? null,
    ...queueingLine(job),
    started: startedOf(job),
    ended: isEnded(job) ? timeText(job.ended) : null,
    duration: isEnded(job) ? durationOf(job) : null,
    exit_code: isEnded(job) ? job.exitCode : null,
    signal: isEnded(job) ? job.signal : null,
    error: isEnded(job) ? job.error : null,
    url: jobUrl(job.id),
    status_url: statusUrl(job.id),
    result_url: resultUrlOf(job),
  };
}

export function statusView(job: Job): z.output<typeof StatusSchema> {
  return {
    status_id: job.id,
    done: isEnded(job),
    state: job.state,
    stopping: isStopping(job),
    created: timeText(job.created),
    started: startedOf(job),
    ended: isEnded(job) ? timeText(job.ended) : null,
    job_url: jobUrl(job.id),
    result_url: resultUrlOf(job),
  };
}

export function resultView({ job, resources, stdout, stderr }: JobResult): z.output<typeof ResultSchema> {
  return {
    ...resultSummaryView(job),
    resources: resourcesView(resources),
    stdout: stdout.text,
    stdout_truncated: stdout.truncated,
    stderr: stderr.text,
    stderr_truncated: stderr.truncated,
  };
}

export function resultSummaryView(job: EndedJob): z.output<typeof ResultSummarySchema> {
  return {
    result_id: job.id,
    ...line(job.spec),
    created: timeText(job.created),
    state: job.state,
    duration: durationOf(job),
    paused: pausedSeconds(job, job.ended),
    started: startedOf(job),
    completed: timeText(job.ended),
    competed: timeText(job.ended),
    exit_code: job.exitCode,
    signal: job.signal,
    error: job.error,
    survivors: job.survivors,
    cpu: job.cpu,
    stdout_bytes: job.stdoutBytes,
    stderr_bytes: job.stderrBytes,
    ...outputUrls(job),
    job_url: jobUrl(job.id),
  };
}

function limitsView(limits: Limits | undefined): z.output<typeof JobSchema>["limits"] {
  if (!limits) return null;
  return Object.fromEntries(
    LIMIT_NAMES.filter((name) => limits[name] !== undefined).map((name) => [LIMIT_FIELDS[name], limits[name]]),
  );
}

function resourcesView(resources: Resources): z.output<typeof ResourcesSchema> {
  return {
    cpu_seconds: resources.cpu,
    memory_bytes: resources.memory,
    memory_peak_bytes: resources.memoryPeak,
    input_bytes: resources.input,
    output_bytes: resources.output,
    disk_read_bytes: resources.diskRead,
    disk_written_bytes: resources.diskWritten,
  };
}

function line(spec: JobSpec) {
  return { command: commandLine(spec), name: spec.name ?? null, labels: spec.labels ?? {} };
}

function outputUrls({ id }: Job) {
  return { stdout_url: `${jobUrl(id)}/stdout`, stderr_url: `${jobUrl(id)}/stderr` };
}

function runOf(job: Job) {
  return job.state === "queued" ? undefined : job.run;
}

function startedOf(job: Job): string | null {
  return timeOrNull(runOf(job)?.started);
}

function isStopping(job: Job): boolean {
  return !isEnded(job) && runOf(job)?.stop !== undefined;
}

function resultUrlOf(job: Job): string | null {
  return isEnded(job) && !job.resultDeleted ? resultUrl(job.id) : null;
}

function pausedSeconds(job: Job, now: number): number {
  const run = runOf(job);
  if (!run) return 0;
  const lasting = job.state === "paused" ? Math.max(0, now - job.since) : 0;
  return (run.pausedMs + lasting) / 1000;
}
