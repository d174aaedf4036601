/** Which jobs a caller may see, touch and ask for. What a token is bound to decides; most are bound to nothing. */

import type { Context } from "hono";
import { Problem } from "../lib/domain/errors.ts";
import type { Job, JobSpec } from "../lib/domain/job.ts";
import { assertMayTouch, boundSpec, isInView, type TokenBounds } from "../lib/domain/token_bounds.ts";
import type { JobAccess } from "../lib/services/jobs/access.ts";
import { noSuchDependency } from "../lib/services/jobs/admission.ts";
import { noSuchJob } from "../lib/services/jobs/register.ts";
import type { JobQuery } from "../lib/services/ports/store.ts";
import { unknownWorker } from "../lib/services/workers/lookup.ts";
import type { RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";

type Jobs = Pick<RouteDeps["jobs"], "get">;

/** Undefined for a caller who is bound to nothing. */
export function boundsOf(c: Context<Env>): TokenBounds | undefined {
  return c.get("auth")?.bounds;
}

export function accessOf(c: Context<Env>): JobAccess {
  const bounds = boundsOf(c);
  return {
    touch(job) {
      seen(c, job);
      assertMayTouch(bounds, job);
    },
    bind: (spec) => boundSpec(spec, bounds),
  };
}

/** The job, if the caller may see it; another is as if it were not there. @throws {Problem} `not_found`. */
export function seen<J extends Job>(c: Context<Env>, job: J): J {
  if (!isInView(boundsOf(c), job)) throw noSuchJob(job.id);
  return job;
}

/** Refuses a job that the caller may not see. @throws {Problem} `not_found`. */
export async function assertSeen(c: Context<Env>, jobs: Jobs, id: number): Promise<void> {
  // Whoever is bound to nothing sees whatever the service finds.
  if (boundsOf(c)) seen(c, await jobs.get(id));
}

/** Refuses a job that the caller may not end, pause, signal or remove. @throws {Problem} `not_found`, `token_bound`. */
export async function assertTouchable(c: Context<Env>, jobs: Jobs, id: number): Promise<void> {
  if (boundsOf(c)) accessOf(c).touch(await jobs.get(id));
}

/** Refuses to wait for jobs that the caller may not see: how they ended would show. @throws {Problem} `invalid_request`. */
export async function assertAfterSeen(c: Context<Env>, jobs: Jobs, after: readonly number[] | undefined | null) {
  const bounds = boundsOf(c);
  if (!bounds) return;
  for (const id of after ?? []) {
    const job = await found(jobs, id);
    if (!job || !isInView(bounds, job)) throw noSuchDependency({ after: [...after ?? []] }, id);
  }
}

/** What a caller's lists are made of. */
export function within(c: Context<Env>): Pick<JobQuery, "within"> {
  const { queues, labels } = boundsOf(c) ?? {};
  return queues || labels ? { within: { queues, labels } } : {};
}

/** Job in a worker slot as the caller may ask for it. @throws {Problem} `token_bound`. */
export function boundForWorker(c: Context<Env>, spec: JobSpec): JobSpec {
  return boundSpec(spec, boundsOf(c), true);
}

/**
 * Refuses the worker of a job that the caller may not see (`touch`: may not touch), as if there were no such worker.
 * @throws {Problem} `worker_unknown`, `token_bound`.
 */
export async function assertWorkerSeen(
  c: Context<Env>,
  { jobs, workers }: Pick<RouteDeps, "jobs" | "workers">,
  workerId: string,
  { touch = false } = {},
): Promise<void> {
  const bounds = boundsOf(c);
  if (!bounds) return;
  const { jobId } = await workers.status(workerId);
  if (jobId === null) return;
  const job = await found(jobs, jobId);
  if (!job || !isInView(bounds, job)) throw unknownWorker(workerId);
  if (touch) assertMayTouch(bounds, job);
}

/** Leaves out the workers of jobs that the caller may not see. */
export async function workersSeen<T extends { jobId: number | null }>(
  c: Context<Env>,
  jobs: Jobs,
  workers: readonly T[],
): Promise<T[]> {
  const bounds = boundsOf(c);
  if (!bounds) return [...workers];
  const seen: T[] = [];
  for (const worker of workers) {
    const job = worker.jobId === null ? null : await found(jobs, worker.jobId);
    if (job === null || (job && isInView(bounds, job))) seen.push(worker);
  }
  return seen;
}

/** Refuses what concerns more jobs than a token with bounds may know of. @throws {Problem} `token_bound`. */
export function assertUnbound(c: Context<Env>, what: string): void {
  if (boundsOf(c)) throw new Problem("token_bound", `The token is bound to certain jobs, and ${what}.`);
}

async function found(jobs: Jobs, id: number): Promise<Job | undefined> {
  try {
    return await jobs.get(id);
  } catch (error) {
    if (error instanceof Problem && error.code === "not_found") return undefined;
    throw error;
  }
}
