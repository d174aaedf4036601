/** The part of a stored file that a request asks for. */

import { type ByteRange, resolveRange } from "../../domain/byte_range.ts";
import { Problem } from "../../domain/errors.ts";
import { ifRangeHolds } from "../../domain/etag.ts";
import type { FileRecord } from "../../domain/file.ts";
import { etagOf } from "./target.ts";

/**
 * The range, or null for the whole.
 * @throws {Problem} `invalid_range` (416), with the member `size` for `Content-Range`.
 */
export function chooseRange(
  record: FileRecord,
  range: string | null | undefined,
  ifRange: string | null | undefined,
): ByteRange | null {
  if (!ifRangeHolds(ifRange, etagOf(record))) return null;
  const answer = resolveRange(range, record.bytes);
  if (answer.kind === "part") return answer.range;
  if (answer.kind === "whole") return null;
  throw new Problem(
    "invalid_range",
    `File ${JSON.stringify(record.name)} has ${record.bytes} bytes, and none of them in ${range}.`,
    { members: { size: record.bytes } },
  );
}
