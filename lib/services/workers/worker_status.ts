/** What a worker looks like from outside. */

import { isFinalWorker, type Worker, type WorkerKind, type WorkerState } from "../../domain/worker.ts";
import type { LiveWork } from "./live_work.ts";

/** Times are milliseconds since the epoch, sizes bytes. */
export interface WorkerStatus {
  workerId: string;
  status: WorkerState;
  kind: WorkerKind | null;
  bytes: number;
  total: number | null;
  /** From 0 to 1; null where the whole is not known. */
  progress: number | null;
  /** Bytes a second over the last seconds; null when nothing is under way. */
  rate: number | null;
  started: number | null;
  ended: number | null;
  /** When an unused reservation runs out, and in how many whole seconds; null once it is used or over. */
  expires: number | null;
  expiresIn: number | null;
  file: string | null;
  jobId: number | null;
  sha256: string | null;
  error: string | null;
}

/** A worker as it is at `now`, with what its work says of itself. */
export async function statusOf(worker: Worker, live: LiveWork | undefined, now: number): Promise<WorkerStatus> {
  const bytes = live ? await live.bytes() : worker.bytes;
  const reserved = worker.state === "reserved";
  return {
    workerId: worker.id,
    status: worker.state,
    kind: worker.kind,
    bytes,
    total: worker.total,
    progress: progressOf(worker, bytes),
    rate: isFinalWorker(worker) ? null : live?.rate?.() ?? null,
    started: worker.started,
    ended: worker.ended,
    expires: reserved ? worker.expires : null,
    expiresIn: reserved ? Math.max(0, Math.ceil((worker.expires - now) / 1000)) : null,
    file: worker.file,
    jobId: worker.jobId,
    sha256: worker.sha256,
    error: worker.error,
  };
}

function progressOf({ state, total, kind }: Worker, bytes: number): number | null {
  if (state === "completed") return 1;
  if (total === null || kind === null || kind === "job") return null;
  return total === 0 ? 0 : Math.min(1, bytes / total);
}
