/** The part of something that a client asks for (RFC 9110, section 14). */

/** Bytes `start` (inclusive) to `end` (exclusive). */
export interface ByteRange {
  start: number;
  end: number;
}

/** What a `Range` field means for something of a known size. */
export type RangeAnswer =
  | { kind: "whole" }
  | { kind: "part"; range: ByteRange }
  /** Nothing of it is there: 416. */
  | { kind: "unsatisfiable" };

const WHOLE: RangeAnswer = { kind: "whole" };
const SINGLE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * Resolves a `Range` field for `size` bytes. What is malformed, in another unit, or several ranges at once is ignored,
 * as section 14.2 allows: the whole is the answer.
 */
export function resolveRange(field: string | null | undefined, size: number): RangeAnswer {
  const match = SINGLE_RANGE.exec(field ?? "");
  if (!match) return WHOLE;
  const [, first = "", last = ""] = match;
  if (first === "") return last === "" ? WHOLE : lastBytes(Number(last), size);
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return WHOLE;
  return start < size ? { kind: "part", range: { start, end } } : { kind: "unsatisfiable" };
}

/** `bytes=-n`. Of nothing, the last n bytes are nothing, which no `Content-Range` can say: the whole is. */
function lastBytes(count: number, size: number): RangeAnswer {
  if (count === 0) return { kind: "unsatisfiable" };
  return size === 0 ? WHOLE : { kind: "part", range: { start: Math.max(0, size - count), end: size } };
}
