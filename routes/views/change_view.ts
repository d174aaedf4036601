/** Changes as the events of `/api/events`. */

import type { PartialUpload } from "../../lib/domain/partial_upload.ts";
import type { Worker } from "../../lib/domain/worker.ts";
import type { FeedEntry } from "../../lib/services/ports/store.ts";
import type { HoldChange } from "../../lib/services/requests/held_requests.ts";
import type { SseEvent } from "../sse.ts";
import { timeOrNull, timeText } from "./common.ts";
import { fileView } from "./file_view.ts";
import { jobSummaryView } from "./job_view.ts";
import { queueSettingsView } from "./queue_view.ts";

export function changeEvent(entry: FeedEntry): SseEvent {
  const id = String(entry.version);
  const event = entry.value === null ? `${entry.kind}_removed` : entry.kind;
  return { id, event, data: JSON.stringify(changeView(entry)) };
}

function changeView(entry: FeedEntry): unknown {
  switch (entry.kind) {
    case "job":
      return entry.value ? jobSummaryView(entry.value) : { job_id: entry.id };
    case "worker":
      return entry.value ? storedWorkerView(entry.value) : { "worker-id": entry.id };
    case "file":
      return entry.value ? fileView(entry.value) : { name: entry.id };
    case "upload":
      return entry.value ? storedUploadView(entry.value) : { upload_id: entry.id };
    case "queue":
      return entry.value ? queueSettingsView(entry.value) : { name: entry.id };
    case "key": {
      const place = { key: entry.id, version: entry.version };
      return entry.value ? { ...place, expires: timeOrNull(entry.value.expires) } : place;
    }
  }
}

/** What is on disk of a worker: how far a transfer has come only its status tells. */
function storedWorkerView(worker: Worker) {
  return {
    "worker-id": worker.id,
    status: worker.state,
    kind: worker.kind,
    created: timeOrNull(worker.created),
    expires: worker.state === "reserved" ? timeOrNull(worker.expires) : null,
    started: timeOrNull(worker.started),
    ended: timeOrNull(worker.ended),
    bytes: worker.bytes,
    total: worker.total,
    file: worker.file,
    job_id: worker.jobId,
    error: worker.error,
  };
}

/** What is on disk of an upload: how much of it has arrived only the list tells. */
function storedUploadView({ id, name, total, created, worker }: PartialUpload) {
  return { upload_id: id, name, total, created: timeText(created), "worker-id": worker };
}

/** Without an id: nothing of it is kept, so nobody can come back to it. */
export function holdEvent(change: HoldChange): SseEvent {
  const { connId, state } = change;
  const data = JSON.stringify(state === "held" ? { connId, state, timeout: change.seconds } : { connId, state });
  return { event: "request", data };
}

/** All that is held; as `/api/serverStatus` shows it. */
export function heldView(held: Map<number, number>): Record<string, string> {
  return Object.fromEntries([...held].map(([connId, seconds]) => [connId, String(seconds)]));
}
