/** What each error code is in HTTP: the one place where codes become status codes. */

import type { ErrorCode } from "../lib/domain/errors.ts";

/** Status and title of each code. */
export const PROBLEMS: Record<ErrorCode, { status: number; title: string }> = {
  invalid_request: { status: 400, title: "The request is not valid" },
  malformed_json: { status: 400, title: "The body is not valid JSON" },
  invalid_encoding: { status: 400, title: "The bytes are not text in that encoding" },
  invalid_id: { status: 400, title: "The id is not valid" },
  invalid_key: { status: 400, title: "The key is not valid" },
  invalid_file_name: { status: 400, title: "The file name is not valid" },
  digest_mismatch: { status: 400, title: "The digest does not match" },
  worker_unknown: { status: 400, title: "The worker is not known" },
  worker_expired: { status: 400, title: "The worker has expired" },
  worker_used: { status: 400, title: "The worker has been used" },
  unauthorized: { status: 401, title: "A token is needed" },
  insufficient_scope: { status: 403, title: "The token does not allow that" },
  token_bound: { status: 403, title: "The token is bound to less than that" },
  forbidden_host: { status: 403, title: "The host is not one of this server's" },
  forbidden_origin: { status: 403, title: "Requests from other sites are not answered" },
  not_found: { status: 404, title: "There is no such thing" },
  method_not_allowed: { status: 405, title: "The method is not allowed" },
  body_stalled: { status: 408, title: "The body did not come" },
  conn_id_in_use: { status: 409, title: "The connection id is in use" },
  invalid_transition: { status: 409, title: "The state does not allow that" },
  still_active: { status: 409, title: "It is still active" },
  secrets_gone: { status: 409, title: "The secrets are no longer known" },
  queue_in_use: { status: 409, title: "The queue is in use" },
  too_many_queues: { status: 409, title: "There are too many queues" },
  file_exists: { status: 409, title: "The file exists" },
  upload_active: { status: 409, title: "Somebody else is at that upload" },
  upload_offset_mismatch: { status: 409, title: "The upload goes on elsewhere" },
  not_a_number: { status: 409, title: "The value is not a number" },
  out_of_range: { status: 409, title: "The number is out of range" },
  result_gone: { status: 410, title: "The result was deleted" },
  changes_gone: { status: 410, title: "The changes are no longer kept" },
  precondition_failed: { status: 412, title: "The condition does not hold" },
  too_large: { status: 413, title: "The body is too large" },
  uri_too_long: { status: 414, title: "The URL is too long" },
  unsupported_media_type: { status: 415, title: "The content type is not supported" },
  invalid_range: { status: 416, title: "The range cannot be satisfied" },
  idempotency_mismatch: { status: 422, title: "The idempotency key belongs to another request" },
  queue_full: { status: 429, title: "The queue is full" },
  too_many_attempts: { status: 429, title: "Too many wrong credentials" },
  rate_limited: { status: 429, title: "Too many requests" },
  too_many_open: { status: 429, title: "Too much is open at once" },
  transfer_failed: { status: 500, title: "The transfer failed" },
  internal: { status: 500, title: "Something went wrong in the server" },
  no_slot: { status: 503, title: "No slot is free" },
  too_many_connections: { status: 503, title: "Too many connections" },
  shutting_down: { status: 503, title: "The server is shutting down" },
  storage_failed: { status: 503, title: "The storage failed" },
  storage_full: { status: 507, title: "The storage is full" },
};

/** Every code. */
export const ERROR_CODES = Object.keys(PROBLEMS) as ErrorCode[];

/** The `type` of a problem document (RFC 9457, section 3.1.1). */
export function typeOf(code: ErrorCode): string {
  return `urn:stint:problem:${code}`;
}
