/** Errors as RFC 9457 problem documents. */

import type { Context, ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { ZodError } from "zod";
import { Problem } from "../../lib/domain/errors.ts";
import { PROBLEMS, typeOf } from "../../openapi/problem_codes.ts";
import type { Env } from "../env.ts";
import { problemOfZod } from "./validation.ts";

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
  const { errors, retryAfter, allow, location, uploadOffset, members } = problem.extras;
  const body = {
    ...members,
    type: typeOf(problem.code),
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
  // What did not come is not waited for; a client that goes on sending would send it into the next answer.
  if (body.status === 408) headers.set("Connection", "close");
  if (allow) headers.set("Allow", allow.join(", "));
  if (location !== undefined) headers.set("Location", location);
  if (uploadOffset !== undefined) headers.set("Upload-Offset", String(uploadOffset));
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
