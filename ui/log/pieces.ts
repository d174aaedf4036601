/** Cutting output into pieces at which nothing breaks: lines where there are some, characters always. */

export type Stream = "stdout" | "stderr";

export interface Piece {
  stream: Stream;
  /** Offset of its first byte, and of the first one after it. */
  start: number;
  end: number;
  text: string;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const LF = 10;

/**
 * A piece of what was read at `offset`. `first`, `last`: whether nothing comes before or after it; otherwise a line that is
 * cut there is left to the neighbour, unless that leaves nothing. `keep`: which side of too many lines.
 */
export function cutPiece(
  stream: Stream,
  offset: number,
  bytes: Uint8Array,
  { first, last, keep }: { first: boolean; last: boolean; keep?: "start" | "end" },
): Piece {
  const [line, lastLine] = [bytes.indexOf(LF) + 1, bytes.lastIndexOf(LF) + 1];
  let from = first ? 0 : line || characterStart(bytes, 0);
  let to = last ? bytes.length : lastLine || characterEnd(bytes);
  if (to <= from) {
    from = first ? 0 : characterStart(bytes, 0);
    to = last ? bytes.length : characterEnd(bytes);
  }
  if (keep === "end") from = Math.max(from, lineStart(bytes, to));
  else if (keep === "start") to = Math.min(to, lineEnd(bytes, from));
  return { stream, start: offset + from, end: offset + to, text: decoder.decode(bytes.subarray(from, to)) };
}

/** Lines in a piece: several pieces have to fit into the terminal, however short their lines. */
const LINES = 8000;

/** Where the last {@link LINES} lines before `to` begin. */
function lineStart(bytes: Uint8Array, to: number): number {
  let at = to;
  for (let lines = 0; at > 0 && lines <= LINES; lines++) at = bytes.lastIndexOf(LF, at - 1);
  return at + 1;
}

/** Where the first {@link LINES} lines from `from` on end. */
function lineEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let lines = 0; lines < LINES; lines++) {
    const next = bytes.indexOf(LF, at);
    if (next < 0) return bytes.length;
    at = next + 1;
  }
  return at;
}

/** The first place from `at` on where no character is cut (RFC 3629: those that go on begin with the bits 10). */
function characterStart(bytes: Uint8Array, at: number): number {
  let place = at;
  while (place < bytes.length && place < at + 3 && (bytes[place]! & 0xc0) === 0x80) place++;
  return place;
}

/** The length without a character whose end is missing. */
function characterEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** About how many rows of a terminal with `columns` it takes. */
export function rowsOf(text: string, columns: number): number {
  let rows = 0;
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    const stop = end < 0 ? text.length : end;
    rows += Math.max(1, Math.ceil((stop - from) / columns));
    from = stop + 1;
  }
  return rows;
}
