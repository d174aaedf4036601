/** Sends a file through worker slots, going on by itself where a connection broke. */

import { ApiError, call } from "../api/client.ts";
import type { Problem, Reservation, Worker } from "../api/schema.ts";

export interface Sending {
  /** The worker that begins it. */
  id: string;
  file: File;
  replace: boolean;
  /** So many bytes of the file have left the browser. */
  onSent(bytes: number): void;
  /** The connection broke; it will go on. */
  onLost(): void;
  /** It goes on through this worker. */
  onWorker(worker: string): void;
  /** Whether somebody has ended it. */
  isEnded(): boolean;
}

export type End = Pick<Worker, "status" | "bytes">;

/** What is to be sent next: the file from a byte on, through a worker, as part of an upload that a worker of that id began. */
interface Next {
  worker: string;
  upload: string;
  from: number;
}

/** Milliseconds between two looks whether the server is there again: the first, and the longest that they grow to. */
const FIRST = 500;
const LONGEST = 5_000;

/** Resolves with how it ended. @throws {ApiError} when the server refuses it. */
export async function sendFile(sending: Sending): Promise<End> {
  let next: Next = { worker: sending.id, upload: sending.id, from: 0 };
  while (true) {
    try {
      return await sendFrom(sending, next);
    } catch (error) {
      if (!isPassing(error) || sending.isEnded()) throw error;
      sending.onLost();
      const found = await comeBack(sending, next, error);
      if ("status" in found) return found;
      next = found;
      sending.onWorker(next.worker);
    }
  }
}

/** By the older interface, the only one that tells how much has gone out. */
function sendFrom({ file, replace, onSent }: Sending, { worker, upload, from }: Next): Promise<End> {
  const query = new URLSearchParams({
    ...(worker === upload ? { name: file.name } : { resume: upload }),
    ...(replace && { replace: "true" }),
  });
  const request = new XMLHttpRequest();
  request.open("POST", `/upload/new/${worker}?${query}`);
  request.setRequestHeader("content-type", "application/octet-stream");
  request.setRequestHeader("upload-complete", "?1");
  request.setRequestHeader("upload-offset", String(from));
  request.upload.onprogress = ({ loaded }) => onSent(from + loaded);
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(new ApiError(0, "unreachable", "The connection broke."));
    request.onload = () => {
      if (request.status < 400) return resolve(JSON.parse(request.responseText));
      const problem: Partial<Problem> & Partial<Pick<Worker, "error">> = JSON.parse(request.responseText);
      const detail = problem.detail ?? problem.error ?? `The server answered ${request.status}.`;
      reject(new ApiError(request.status, problem.code ?? "unknown", detail));
    };
    request.send(from === 0 ? file : file.slice(from));
  });
}

/**
 * Waits until the server is there again; gives how the upload ended meanwhile, or where and through which worker it goes
 * on. @throws `lost`, the reason why it broke off, when somebody has ended it.
 */
async function comeBack({ isEnded }: Sending, { worker, upload }: Next, lost: unknown): Promise<End | Next> {
  for (let pause = FIRST;; pause = Math.min(pause * 2, LONGEST)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (isEnded()) throw lost;
    try {
      const { data: last } = await call<Worker>("GET", `/status/${worker}`);
      if (last.status === "completed" || last.status === "terminated") return last;
      // The server has not seen yet that the connection is gone.
      if (last.status !== "failed") continue;
      const from = await offsetOf(upload);
      const { data: { "worker-id": next } } = await call<Reservation>("GET", "/new_job");
      return { worker: next, upload: from === 0 ? next : upload, from };
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
  }
}

/** How much of it the server has. */
async function offsetOf(upload: string): Promise<number> {
  try {
    const { headers } = await call("HEAD", `/api/uploads/${upload}`);
    return Number(headers.get("upload-offset"));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return 0;
    throw error;
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 408 || error.status === 503);
}
