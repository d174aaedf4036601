/** What a job prints, as it is printed: the exact bytes of both outputs, over lost connections and restarts. */

import type { AgainOptions } from "../api/again.ts";
import type { Client } from "../api/client.ts";
import { follow } from "../api/following.ts";
import type { Job } from "./types.ts";

export type Stream = "stdout" | "stderr";

export interface Piece {
  stream: Stream;
  bytes: Uint8Array<ArrayBuffer>;
  /** The event as it came, for machines. */
  event: { event: string; id: string; data: unknown };
}

/** Where to begin in each output, in bytes. */
export type Places = Record<Stream, number>;

const encoder = new TextEncoder();
const NOT_UTF8 = "\uFFFD";

/**
 * Pieces of both outputs from `from` on, until the job has ended, which is what it returns then; nothing when `signal`
 * aborts. The events carry text, in which bytes that are not UTF-8 are U+FFFD: such pieces are fetched again, as bytes.
 */
export async function* pieces(
  api: Client,
  id: number,
  options: AgainOptions & { from?: Places; signal?: AbortSignal } = {},
): AsyncGenerator<Piece, Job | undefined> {
  const { from = { stdout: 0, stderr: 0 } } = options;
  const lastId = `${from.stdout}-${from.stderr}`;
  for await (
    const { event, id: at, data } of follow(api, `/api/jobs/${id}/output`, { ...options, lastId, last: "end" })
  ) {
    const value = JSON.parse(data);
    if (event === "end") return value as Job;
    if (event !== "stdout" && event !== "stderr") continue;
    const end = Number(at.split("-")[event === "stdout" ? 0 : 1]);
    const bytes = (value.text as string).includes(NOT_UTF8)
      ? await rawBytes(api, id, event, value.offset, end)
      : encoder.encode(value.text);
    yield { stream: event, bytes, event: { event, id: at, data: value } };
  }
  return undefined;
}

/** Bytes from `start` to `end` (exclusive) of an output. */
async function rawBytes(api: Client, id: number, stream: Stream, start: number, end: number) {
  return await api.bytes(`/api/jobs/${id}/${stream}`, { headers: { range: `bytes=${start}-${end - 1}` } });
}

/** How much is read at once when looking for the beginning of a line. */
const STEP = 64 * 1024;
const LF = 10;

/**
 * Where the last `lines` lines of an output begin, as it is now; no more than `farthest` bytes before its end. A last line
 * without its end counts.
 */
export async function tailStart(
  api: Client,
  id: number,
  stream: Stream,
  lines: number,
  farthest = Infinity,
): Promise<number> {
  const head = await api.request("HEAD", `/api/jobs/${id}/${stream}`);
  let end = Number(head.headers.get("content-length") ?? 0);
  if (lines === 0 || end === 0) return end;
  const limit = Math.max(0, end - farthest);
  // The end of the last line begins none.
  let left = lines + 1;
  let last = true;
  while (end > limit) {
    const start = Math.max(limit, end - STEP);
    const bytes = await rawBytes(api, id, stream, start, end);
    for (let i = bytes.length - 1; i >= 0; i--) {
      const isEnd = bytes[i] === LF;
      if (last && !isEnd) left--;
      last = false;
      if (isEnd && --left === 0) return start + i + 1;
    }
    end = start;
  }
  return limit;
}
