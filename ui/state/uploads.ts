/** Uploads of this page: they go on while somebody looks at other pages of the dashboard. */

import { signal } from "@preact/signals";
import { ApiError, call, messageOf } from "../api/client.ts";
import type { Problem, Reservation, Worker } from "../api/schema.ts";

export interface Upload {
  worker: string;
  name: string;
  total: number;
  /** Bytes that have left the browser. */
  sent: number;
  state: "running" | "paused" | "completed" | "terminated" | "failed";
  /** Milliseconds since the epoch, and bytes a second of late. */
  rate: number;
  error: string | null;
}

export const uploads = signal<readonly Upload[]>([]);

function update(worker: string, change: Partial<Upload>): void {
  uploads.value = uploads.value.map((upload) => upload.worker === worker ? { ...upload, ...change } : upload);
}

/**
 * Takes a slot and sends the file through it.
 * @throws {ApiError} when no slot is free.
 */
export async function uploadFile(file: File, replace: boolean): Promise<void> {
  const { data } = await call<Reservation>("GET", "/new_job");
  const worker = data["worker-id"];
  const fresh: Upload = { worker, name: file.name, total: file.size, sent: 0, state: "running", rate: 0, error: null };
  uploads.value = [fresh, ...uploads.value];
  try {
    const end = await sendFile(worker, file, replace);
    update(worker, { state: end.status === "completed" ? "completed" : "terminated", sent: end.bytes, rate: 0 });
  } catch (error) {
    const now = uploads.value.find((upload) => upload.worker === worker);
    const ended = now?.state === "terminated";
    update(worker, { state: ended ? "terminated" : "failed", error: ended ? null : messageOf(error), rate: 0 });
    // A name that exists, say: the slot is still held for another try, which nobody will make.
    if (!ended) await call("POST", `/modify/${worker}/terminated`).catch(() => undefined);
  }
}

/** By the older interface, the only one that tells how much has gone out. */
function sendFile(worker: string, file: File, replace: boolean): Promise<Pick<Worker, "status" | "bytes">> {
  const query = new URLSearchParams({ name: file.name, ...(replace && { replace: "true" }) });
  const request = new XMLHttpRequest();
  request.open("POST", `/upload/new/${worker}?${query}`);
  request.setRequestHeader("content-type", "application/octet-stream");
  let [at, before] = [performance.now(), 0];
  request.upload.onprogress = ({ loaded }) => {
    const now = performance.now();
    const rate = now - at < 500 ? undefined : (loaded - before) / (now - at) * 1000;
    if (rate !== undefined) [at, before] = [now, loaded];
    update(worker, { sent: loaded, ...(rate !== undefined && { rate }) });
  };
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(new ApiError(0, "unreachable", "The connection broke."));
    request.onload = () => {
      if (request.status < 400) return resolve(JSON.parse(request.responseText));
      const problem: Partial<Problem> & Partial<Pick<Worker, "error">> = JSON.parse(request.responseText);
      const detail = problem.detail ?? problem.error ?? `The server answered ${request.status}.`;
      reject(new ApiError(request.status, problem.code ?? "unknown", detail));
    };
    request.send(file);
  });
}

export async function controlUpload(worker: string, wish: "paused" | "running" | "terminated"): Promise<void> {
  await call("POST", `/modify/${worker}/${wish}`);
  update(worker, { state: wish });
}

export function forgetUpload(worker: string): void {
  uploads.value = uploads.value.filter((upload) => upload.worker !== worker);
}
