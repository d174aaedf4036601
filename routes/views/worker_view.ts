/** Workers as the contract shows them. */

import type { z } from "zod";
import { isEnded, type Job } from "../../lib/domain/job.ts";
import type { WorkerStatus } from "../../lib/services/workers/worker_status.ts";
import type { WorkerSchema } from "../../openapi/workers.ts";
import { resultUrl, timeOrNull } from "./common.ts";

/** `job`: the one that runs, or ran, in the worker, unless it was removed meanwhile. */
export function workerView(worker: WorkerStatus, job: Job | undefined): z.output<typeof WorkerSchema> {
  const ended = job && isEnded(job) ? job : undefined;
  return {
    "worker-id": worker.workerId,
    status: worker.status,
    kind: worker.kind,
    expires: timeOrNull(worker.expires),
    expires_in: worker.expiresIn,
    started: timeOrNull(worker.started),
    ended: timeOrNull(worker.ended),
    bytes: worker.bytes,
    total: worker.total,
    progress: worker.progress,
    rate: worker.rate,
    file: worker.file,
    sha256: worker.sha256,
    job_id: worker.jobId,
    exit_code: ended?.exitCode ?? null,
    result_url: ended && !ended.resultDeleted ? resultUrl(ended.id) : null,
    error: worker.error,
  };
}
