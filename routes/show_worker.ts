/** A worker with what is known of its job. */

import { Problem } from "../lib/domain/errors.ts";
import type { Job } from "../lib/domain/job.ts";
import type { WorkerStatus } from "../lib/services/workers/worker_status.ts";
import type { RouteDeps } from "./deps.ts";
import { workerView } from "./views/worker_view.ts";

export async function showWorker({ jobs }: Pick<RouteDeps, "jobs">, worker: WorkerStatus) {
  return workerView(worker, worker.jobId === null ? undefined : await findJob(jobs, worker.jobId));
}

/** The job, unless it was removed from the history. */
async function findJob(jobs: RouteDeps["jobs"], id: number): Promise<Job | undefined> {
  try {
    return await jobs.get(id);
  } catch (error) {
    if (error instanceof Problem && error.code === "not_found") return undefined;
    throw error;
  }
}
