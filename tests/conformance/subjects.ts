/** Subjects for tests of stores. */

import type { FinalJobState, Job, JobSpec } from "../../lib/domain/job.ts";
import type { KeyRecord } from "../../lib/domain/key.ts";
import type { Worker, WorkerState } from "../../lib/domain/worker.ts";
import type { PartialUpload } from "../../lib/domain/partial_upload.ts";
import type { FileRecord } from "../../lib/domain/file.ts";
import { someEnd } from "../helpers/some_end.ts";

/** A moment for everything to happen at; milliseconds since the epoch. */
export const NOW = Date.UTC(2024, 4, 1);

export function keyRecord(key: string, text: string, expires: number | null = null): KeyRecord {
  return { key, value: new TextEncoder().encode(text), expires };
}

export function textOf(record: KeyRecord | null | undefined): string | undefined {
  return record ? new TextDecoder().decode(record.value) : undefined;
}

export function queuedJob(id: number, spec: Partial<JobSpec> = {}, created = NOW + id): Job {
  return {
    id,
    spec: { ...(spec.argv ? {} : { command: `echo ${id}` }), grace: 5, priority: 0, ...spec },
    created,
    cookie: `cookie-${id}`,
    state: "queued",
  };
}

export function runningJob(id: number, spec: Partial<JobSpec> = {}): Job {
  return { ...queuedJob(id, spec), state: "running", run: { started: NOW + id, pausedMs: 0 } };
}

export interface End {
  state?: FinalJobState;
  /** Seconds. */
  duration?: number;
  exitCode?: number | null;
  ended?: number;
  resultDeleted?: boolean;
  created?: number;
}

export function endedJob(id: number, spec: Partial<JobSpec> = {}, end: End = {}): Job {
  const duration = end.duration ?? 1;
  const ended = end.ended ?? NOW + 1_000_000 + id;
  return {
    ...queuedJob(id, spec, end.created),
    ...someEnd({ state: end.state ?? "succeeded", ended, exitCode: end.exitCode === undefined ? 0 : end.exitCode }),
    run: { started: ended - duration * 1000, pausedMs: 0 },
    resultDeleted: end.resultDeleted ?? false,
  };
}

export function someWorker(id: string, state: WorkerState, ended: number | null = null): Worker {
  return {
    id,
    state,
    created: NOW,
    expires: NOW + 300_000,
    kind: null,
    started: null,
    ended,
    bytes: 0,
    total: null,
    file: null,
    jobId: null,
    sha256: null,
    error: null,
  };
}

export function someUpload(id: string, facts: Partial<PartialUpload> = {}): PartialUpload {
  return { id, name: id, total: 100, created: NOW, touched: NOW, worker: null, ...facts };
}

export function someFile(name: string): FileRecord {
  return { name, bytes: 3, sha256: "00", created: NOW, mtime: NOW };
}
