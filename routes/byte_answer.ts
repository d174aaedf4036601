/** Answers that are bytes: the whole or a part. */

import type { ByteRange } from "../lib/domain/byte_range.ts";
import { givingBack } from "./giving_back.ts";
import { USER_CONTENT } from "./middleware/security_headers.ts";

export interface ByteAnswer {
  /** Null for HEAD. */
  stream: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  /** The part that is sent; null: the whole. */
  range: ByteRange | null;
  /** Size of the whole. */
  size: number;
  headers?: Record<string, string>;
  /** Aborts when the token that was shown is revoked or expires: the answer breaks off then. */
  revoked?: AbortSignal;
}

/** 200 or 206, with what goes with it. */
export function byteAnswer({ stream, range, size, headers, revoked }: ByteAnswer): Response {
  const length = range ? range.end - range.start : size;
  return new Response(stream && givingBack(stream, revoked), {
    status: range ? 206 : 200,
    headers: {
      "content-type": "application/octet-stream",
      "content-length": String(length),
      "accept-ranges": "bytes",
      ...USER_CONTENT,
      ...(range && { "content-range": `bytes ${range.start}-${range.end - 1}/${size}` }),
      ...headers,
    },
  });
}
