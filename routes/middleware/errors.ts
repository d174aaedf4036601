/** Errors as RFC 9457 problem documents. The one place where codes become HTTP status codes. */

import type { Context, ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { ZodError } from "zod";
import { type ErrorCode, Problem } from "../../lib/domain/errors.ts";
import type { Env } from "../env.ts";
import { problemOfZod } from "./validation.ts";

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
  forbidden_host: { status: 403, title: "The host is not one of this server's" },
  forbidden_origin: { status: 403, title: "Requests from other sites are not answered" },
  not_found: { status: 404, title: "There is no such thing" },
  method_not_allowed: { status: 405, title: "The method is not allowed" },
  conn_id_in_use: { status: 409, title: "The connection id is in use" },
  invalid_transition: { status: 409, title: "The state does not allow that" },
  still_active: { status: 409, title: "It is still active" },
  file_exists: { status: 409, title: "The file exists" },
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
  too_many_attempts: { status: 429, title: "Too many wrong credentials" },
  transfer_failed: { status: 500, title: "The transfer failed" },
  internal: { status: 500, title: "Something went wrong in the server" },
  no_slot: { status: 503, title: "No slot is free" },
  shutting_down: { status: 503, title: "The server is shutting down" },
  storage_failed: { status: 503, title: "The storage failed" },
  storage_full: { status: 507, title: "The storage is full" },
};

/**
 * The answer to `problem`. `status` is for the few places where a document asks for another one than the code's own.
 * With `Retry-After`, `Allow` and `Location` where the problem says so.
 */
export function problemResponse(c: Context<Env>, problem: Problem, status?: number): Response {
  return problemAnswer(problem, c.get("requestId"), status);
}

/** The same where there is no context. */
export function problemAnswer(
  problem: Pick<Problem, "code" | "message" | "extras">,
  requestId: string,
  status?: number,
): Response {
  const { title, status: usual } = PROBLEMS[problem.code];
  const { errors, retryAfter, allow, location, members } = problem.extras;
  const body = {
    ...members,
    type: `urn:stint:problem:${problem.code}`,
    title,
    status: status ?? usual,
    detail: problem.message,
    code: problem.code,
    request_id: requestId,
    ...(errors && { errors }),
  };
  const headers = new Headers({
    "Content-Type": "application/problem+json; charset=utf-8",
    "Cache-Control": "no-store",
  });
  if (retryAfter !== undefined) headers.set("Retry-After", String(Math.max(0, Math.ceil(retryAfter))));
  if (allow) headers.set("Allow", allow.join(", "));
  if (location !== undefined) headers.set("Location", location);
  // RFC 9110, section 15.5.17: whoever asked for too much is told how much there is.
  if (problem.code === "invalid_range" && members?.size !== undefined) {
    headers.set("Content-Range", `bytes */${members.size}`);
  }
  return new Response(JSON.stringify(body), { status: body.status, headers });
}

/** Hono's `onError`: whatever was thrown becomes a problem document. The log has the rest, by request id. */
export const onError: ErrorHandler<Env> = (error, c) => problemResponse(c, problemOf(error));

/** What the caller is told of an error. */
export function problemOf(error: Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ZodError) return problemOfZod(error, "json");
  if (error instanceof HTTPException && error.status < 500) return problemOfHono(error);
  return new Problem("internal", "Something went wrong in the server. Its log says more under the request id.", {
    cause: error,
  });
}

/** Hono's own refusals: its validators throw them before any hook sees the request. */
function problemOfHono(error: HTTPException): Problem {
  const detail = error.message || "The request was refused.";
  switch (error.status) {
    case 413:
      return new Problem("too_large", detail);
    case 415:
      return new Problem("unsupported_media_type", detail);
    default:
      return new Problem(/JSON/.test(detail) ? "malformed_json" : "invalid_request", detail);
  }
}
