/** Where a job's output comes from: ranges of its files, and what it prints from then on. */

import { call, problemOf, send } from "../api/client.ts";
import { followEvents } from "../api/event_stream.ts";
import { cutPiece, type Piece, type Stream } from "./pieces.ts";

export type Sizes = Record<Stream, number>;

/** Bytes so far. @throws {ApiError} 410 when the output was removed. */
export async function outputSizes(id: number, signal: AbortSignal): Promise<Sizes> {
  const size = async (stream: Stream) => {
    const { headers } = await call("HEAD", `/api/jobs/${id}/${stream}`, { signal });
    return Number(headers.get("content-length") ?? 0);
  };
  const [stdout, stderr] = await Promise.all([size("stdout"), size("stderr")]);
  return { stdout, stderr };
}

export interface PieceOptions {
  /** Which side of too many lines. */
  keep: "start" | "end";
  /** Whether a line begins at the first offset: it would be left out otherwise, as one that is cut. */
  whole?: boolean;
  signal: AbortSignal;
}

/** What lies between two offsets, at line ends as far as there are some. `size`: of the whole. */
export async function readPiece(
  id: number,
  stream: Stream,
  [from, to]: readonly [number, number],
  size: number,
  { keep, whole = false, signal }: PieceOptions,
): Promise<Piece> {
  if (to <= from) return { stream, start: from, end: from, text: "" };
  const bytes = await readBytes(id, stream, [from, to], signal);
  return cutPiece(stream, from, bytes, { first: whole || from === 0, last: from + bytes.length >= size, keep });
}

/** The bytes from one offset up to another, which is greater. @throws {ApiError} */
export async function readBytes(
  id: number,
  stream: Stream,
  [from, to]: readonly [number, number],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const path = `/api/jobs/${id}/${stream}`;
  const response = await send("GET", path, { headers: { range: `bytes=${from}-${to - 1}` }, signal });
  if (!response.ok) throw await problemOf(response, path);
  return new Uint8Array(await response.arrayBuffer());
}

export interface LiveOptions {
  id: number;
  from: Sizes;
  signal: AbortSignal;
  /** The next piece waits for what it returns. */
  onPiece(piece: Piece): void | Promise<void>;
  onEnd(): void;
  onBroken(): void;
  onOpen(): void;
}

/** What is printed from these offsets on, until the job ends. Goes on where it was when the server comes back. */
export async function followOutput({ id, from, signal, onPiece, onEnd, onBroken, onOpen }: LiveOptions): Promise<void> {
  await followEvents({
    path: `/api/jobs/${id}/output`,
    lastId: `${from.stdout}-${from.stderr}`,
    signal,
    onOpen,
    onBroken,
    onEvent({ type, data }) {
      if (type === "end") return onEnd();
      if (type !== "stdout" && type !== "stderr") return;
      const { offset, text }: { offset: number; text: string } = JSON.parse(data);
      return onPiece({ stream: type, start: offset, end: offset + byteLength(text), text });
    },
  });
}

const encoder = new TextEncoder();

/** Exact where the output is UTF-8; bytes that are not came as three each, which only shifts where a later piece is cut. */
function byteLength(text: string): number {
  return encoder.encode(text).length;
}
