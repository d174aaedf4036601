/** A stored file as an answer. */

import { attachment } from "../lib/domain/content_disposition.ts";
import { formatDigestField } from "../lib/domain/digest_field.ts";
import type { ByteRange } from "../lib/domain/byte_range.ts";
import type { FileRecord } from "../lib/domain/file.ts";
import { byteAnswer } from "./byte_answer.ts";

export interface FileToSend {
  record: FileRecord;
  etag: string;
  range: ByteRange | null;
  stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Always an attachment: what somebody uploaded is never shown as a page of ours. `revoked` breaks it off. */
export function fileAnswer({ record, etag, range, stream }: FileToSend, revoked?: AbortSignal): Response {
  return byteAnswer({
    stream,
    range,
    revoked,
    size: record.bytes,
    headers: {
      etag,
      "repr-digest": formatDigestField("sha-256", record.sha256),
      "content-disposition": attachment(record.name),
      // Somebody may replace it at any time; asking whether it is still the same is cheap.
      "cache-control": "no-cache",
    },
  });
}
