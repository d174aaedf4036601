/** The end of a file. */

import { openOrNothing, readAt, readInto } from "./files.ts";

const BLOCK = 64 * 1024;
const NEWLINE = 10;

/** At most the last `limit` bytes as text; a character that the cut went through is left out. */
export async function textTail(path: string, limit: number): Promise<{ text: string; truncated: boolean }> {
  using file = await openOrNothing(path);
  if (!file) return { text: "", truncated: false };
  const { size } = await file.stat();
  const start = Math.max(0, size - limit);
  const bytes = await readAt(file, start, size - start);
  // A character has at most three bytes after its first (RFC 3629); more of them are no half character.
  let skip = 0;
  while (start > 0 && skip < 3 && skip < bytes.length && (bytes[skip]! & 0xc0) === 0x80) skip++;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(skip));
  return { text, truncated: start > 0 };
}

/**
 * Where the last `lines` lines begin. A newline at the very end ends the last line and begins none.
 * @throws the signal's reason when it aborts: the search may go through all of a long file.
 */
export async function tailOffset(path: string, lines: number, signal?: AbortSignal): Promise<number> {
  using file = await openOrNothing(path);
  if (!file) return 0;
  const { size } = await file.stat();
  if (lines <= 0) return size;
  const block = new Uint8Array(BLOCK);
  let left = lines;
  // The newline at the very end is not looked at.
  for (let end = size - 1; end > 0; end -= BLOCK) {
    signal?.throwIfAborted();
    const start = Math.max(0, end - BLOCK);
    const bytes = await readInto(file, start, block.subarray(0, end - start));
    for (let at = bytes.lastIndexOf(NEWLINE); at >= 0; at = at > 0 ? bytes.lastIndexOf(NEWLINE, at - 1) : -1) {
      if (--left === 0) return start + at + 1;
    }
  }
  return 0;
}
