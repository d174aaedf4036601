/** Unfinished uploads as the contract shows them. */

import type { z } from "zod";
import type { PartialFacts } from "../../lib/services/transfers/partials.ts";
import type { UploadSchema } from "../../openapi/uploads.ts";
import { timeOrNull, timeText } from "./common.ts";

export function partialView({ upload, bytes, expires, worker }: PartialFacts): z.output<typeof UploadSchema> {
  return {
    upload_id: upload.id,
    name: upload.name,
    bytes,
    total: upload.total,
    created: timeText(upload.created),
    expires: timeOrNull(expires),
    "worker-id": worker,
  };
}

/** The fields of draft-ietf-httpbis-resumable-upload: structured ones (RFC 9651). */
export function uploadFields({ upload, bytes, expires }: PartialFacts, now: number): Record<string, string> {
  return {
    "upload-offset": String(bytes),
    "upload-complete": "?0",
    ...(upload.total !== null && { "upload-length": String(upload.total) }),
    ...(expires !== null && { "upload-limit": `max-age=${Math.max(0, Math.floor((expires - now) / 1000))}` }),
  };
}
