/** The fields of a resumable upload (draft-ietf-httpbis-resumable-upload) in a request. */

import { Problem } from "../lib/domain/errors.ts";
import type { Resumable } from "../lib/services/transfers/upload_request.ts";

interface Fields {
  "upload-complete"?: "?1";
  "upload-offset"?: number;
  "upload-length"?: number;
}

/**
 * What is asked for; nothing where an upload is not to be resumable.
 * @throws {Problem} `invalid_request` for an offset without an upload to go on with, and the other way round.
 */
export function resumableOf(fields: Fields, resume: string | undefined): Omit<Resumable, "digests"> | undefined {
  const { "upload-complete": complete, "upload-offset": offset, "upload-length": total } = fields;
  const size = total === undefined ? {} : { total };
  if (resume !== undefined) {
    if (offset === undefined) {
      throw invalid(
        "It is missing",
        "Which byte does it go on from? Send Upload-Offset, as HEAD /api/uploads/{id} has it.",
      );
    }
    return { resume: { id: resume, offset }, ...size };
  }
  if (offset !== undefined && offset > 0) {
    throw invalid("Send 0 or nothing", "An upload begins with its first byte; ?resume={id} goes on with another one.");
  }
  return complete === undefined ? undefined : size;
}

function invalid(detail: string, message: string): Problem {
  return new Problem("invalid_request", message, { errors: [{ pointer: "header/upload-offset", detail }] });
}
