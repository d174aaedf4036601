/** Uploads of this page: they go on while somebody looks at other pages of the dashboard. */

import { signal } from "@preact/signals";
import { call, messageOf } from "../api/client.ts";
import type { Reservation } from "../api/schema.ts";
import { sendFile } from "./upload_sending.ts";

export interface Upload {
  /** The worker that began it. */
  id: string;
  /** The one that takes it now: another one after a connection broke. */
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

function update(id: string, change: Partial<Upload>): void {
  uploads.value = uploads.value.map((upload) => upload.id === id ? { ...upload, ...change } : upload);
}

function found(id: string): Upload | undefined {
  return uploads.value.find((upload) => upload.id === id);
}

/**
 * Takes a slot and sends the file through it.
 * @throws {ApiError} when no slot is free.
 */
export async function uploadFile(file: File, replace: boolean): Promise<void> {
  const { data } = await call<Reservation>("GET", "/new_job");
  const id = data["worker-id"];
  const fresh = { id, worker: id, name: file.name, total: file.size, sent: 0, rate: 0, error: null };
  uploads.value = [{ ...fresh, state: "running" }, ...uploads.value];
  try {
    const end = await sendFile({
      id,
      file,
      replace,
      onSent: meter(id),
      onLost: () => update(id, { rate: 0, error: "The connection broke; it goes on by itself." }),
      onWorker: (worker) => update(id, { worker, state: "running", error: null }),
      isEnded: () => found(id)?.state === "terminated",
    });
    const state = end.status === "completed" ? "completed" : "terminated";
    update(id, { state, sent: end.bytes, rate: 0, error: null });
  } catch (error) {
    const now = found(id);
    const ended = now?.state === "terminated";
    update(id, { state: ended ? "terminated" : "failed", error: ended ? null : messageOf(error), rate: 0 });
    // A name that exists, say: the slot is still held for another try, which nobody will make.
    if (!ended) await call("POST", `/modify/${now?.worker ?? id}/terminated`).catch(() => undefined);
  }
}

/** Takes note of how much has been sent, and how fast. */
function meter(id: string): (sent: number) => void {
  let [at, before] = [performance.now(), 0];
  return (sent) => {
    const now = performance.now();
    const rate = now - at < 500 ? undefined : Math.max(0, (sent - before) / (now - at) * 1000);
    if (rate !== undefined) [at, before] = [now, sent];
    update(id, { sent, ...(rate !== undefined && { rate }) });
  };
}

export async function controlUpload({ id, worker }: Upload, wish: "paused" | "running" | "terminated"): Promise<void> {
  await call("POST", `/modify/${worker}/${wish}`);
  update(id, { state: wish });
}

export function forgetUpload({ id }: Upload): void {
  uploads.value = uploads.value.filter((upload) => upload.id !== id);
}
