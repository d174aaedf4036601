/**
 * What can go wrong, by stable code. Clients may match on `code`; the mapping to HTTP stands in one place,
 * `openapi/problem_codes.ts`.
 */

export type ErrorCode =
  | "invalid_request" // a field or parameter is missing, malformed, unknown or out of range
  | "malformed_json"
  | "invalid_encoding" // bytes that are not text in the declared (or assumed) charset
  | "invalid_id"
  | "invalid_key"
  | "invalid_file_name"
  | "invalid_range"
  | "digest_mismatch"
  | "unauthorized"
  | "too_many_attempts" // wrong credentials, too often from one address
  | "rate_limited" // more requests than the token may make
  | "too_many_open" // as much is held open for one caller as may be
  | "too_many_connections"
  | "body_stalled"
  | "insufficient_scope"
  | "token_bound" // the token is bound to certain queues, labels or commands
  | "forbidden_host"
  | "forbidden_origin"
  | "not_found"
  | "method_not_allowed"
  | "conn_id_in_use"
  | "invalid_transition"
  | "secrets_gone" // a job cannot be repeated without values that are not kept
  | "still_active" // deleting what still runs
  | "queue_full" // as many jobs wait in it as it takes
  | "queue_in_use" // deleting one that has jobs, or the default one
  | "too_many_queues"
  | "file_exists"
  | "upload_active" // somebody sends more of a resumable upload already
  | "upload_offset_mismatch" // more of it was sent for another place than its end
  | "not_a_number" // a key whose value is to be added to holds something else
  | "out_of_range" // a sum that is larger than what is counted here
  | "result_gone"
  | "changes_gone"
  | "precondition_failed"
  | "too_large"
  | "uri_too_long"
  | "unsupported_media_type"
  | "idempotency_mismatch"
  | "worker_unknown"
  | "worker_expired"
  | "worker_used"
  | "no_slot"
  | "shutting_down"
  | "transfer_failed"
  | "storage_full"
  | "storage_failed"
  | "internal";

/** One thing wrong with one field: `pointer` is an RFC 6901 JSON pointer, or `query/limit`-like for parameters. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** Facts that go with an error into its answer. */
export interface ProblemExtras {
  errors?: FieldError[];
  /** Seconds after which trying again makes sense (`Retry-After`). */
  retryAfter?: number;
  /** Methods that the path does take (`Allow`). */
  allow?: string[];
  /** Where the thing can be seen instead (`Location`). */
  location?: string;
  /** Where a resumable upload may be gone on with, in bytes (`Upload-Offset`). */
  uploadOffset?: number;
  /** Further members of the problem document. */
  members?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * An error that is meant for the caller. Its message names the thing, the state and the way out:
 * `Cannot pause job 12: it is succeeded`.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly extras: ProblemExtras;

  constructor(readonly code: ErrorCode, message: string, extras: ProblemExtras = {}) {
    super(message, { cause: extras.cause });
    this.extras = extras;
  }
}
