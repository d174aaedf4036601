/** The shape of every error that no document prescribes: RFC 9457 problem details. */

import { z } from "@hono/zod-openapi";
import type { ErrorCode } from "../lib/domain/errors.ts";
import { CONTENT_RANGE, RATE_LIMIT, RATE_LIMIT_POLICY, RETRY_AFTER, WWW_AUTHENTICATE } from "./headers.ts";
import { ERROR_CODES, PROBLEMS, typeOf } from "./problem_codes.ts";

const REQUEST_ID = "27cf38ea-55a4-471e-8dff-c1d8876bbf02";

export const ProblemSchema = z.looseObject({
  type: z.string().openapi({
    format: "uri-reference",
    description: "Says which kind of problem it is; the same for every problem of the same `code`.",
    example: "urn:stint:problem:not_found",
  }),
  title: z.string().openapi({ description: "The status in words.", example: "There is no such thing" }),
  status: z.int().openapi({ description: "The HTTP status.", example: 404 }),
  detail: z.string().openapi({
    description: "What was wrong, and what to send instead.",
    example: "There is no job 45.",
  }),
  code: z.enum(ERROR_CODES).openapi({ description: "Stable; made for programs.", example: "not_found" }),
  request_id: z.string().openapi({
    description: "The same as in `X-Request-Id` and in the server's logs.",
    example: REQUEST_ID,
  }),
  errors: z.array(
    z.object({
      pointer: z.string().openapi({
        description: "A JSON pointer (RFC 6901) into the body, or `query/…`, `path/…`, `header/…`.",
        example: "/command",
      }),
      detail: z.string().openapi({ example: "Send a text." }),
    }),
  ).optional().openapi({ description: "One entry for each bad field." }),
}).openapi("Problem", { description: "What went wrong (RFC 9457)." });

/** Fields that go with a status wherever it is answered. */
const HEADERS: { [K in ProblemStatus]?: { headers: Record<string, typeof RETRY_AFTER> } } = {
  401: { headers: { "WWW-Authenticate": WWW_AUTHENTICATE } },
  416: { headers: { "Content-Range": CONTENT_RANGE } },
  429: { headers: { "Retry-After": RETRY_AFTER, "RateLimit-Policy": RATE_LIMIT_POLICY, RateLimit: RATE_LIMIT } },
  503: { headers: { "Retry-After": RETRY_AFTER } },
};

/** By status: the code that is shown where an endpoint names no other, and what it usually means. */
const USUAL = {
  400: ["invalid_request", "Something in the request is missing, malformed, unknown or out of range."],
  401: ["unauthorized", "No bearer token, or one that is not known, expired or revoked."],
  403: ["insufficient_scope", "The token does not allow it, or the request comes from another site."],
  404: ["not_found", "There is nothing by that name."],
  408: ["body_stalled", "Nothing of the body came for too long (`--body-timeout`)."],
  409: ["invalid_transition", "The state of the thing does not allow it."],
  410: ["result_gone", "It was deleted, or is no longer kept."],
  412: ["precondition_failed", "A condition of the request does not hold; nothing was changed."],
  413: ["too_large", "The body is larger than is taken."],
  415: ["unsupported_media_type", "The body is not in a form that is taken here."],
  416: ["invalid_range", "The range lies outside; `Content-Range` names the size."],
  422: ["idempotency_mismatch", "The Idempotency-Key was used for another request."],
  429: ["too_many_attempts", "Too many wrong credentials, or too many requests; `Retry-After` says when to come back."],
  500: ["internal", "The server failed; `error.log` has the details under `request_id`."],
  503: ["shutting_down", "Not now; `Retry-After` says when to come back."],
  507: ["storage_full", "The disk is full; nothing was changed."],
} as const satisfies Record<number, readonly [ErrorCode, string]>;
type ProblemStatus = keyof typeof USUAL;

/**
 * An error answer of that status; `description` where the endpoint can say more than the usual, `code` where its example is
 * of another kind.
 */
export function problem(status: ProblemStatus, description?: string, code?: ErrorCode) {
  const [usualCode, usual] = USUAL[status];
  const shown = code ?? usualCode;
  const example = {
    type: typeOf(shown),
    title: PROBLEMS[shown].title,
    status,
    detail: description ?? usual,
    code: shown,
    request_id: REQUEST_ID,
  };
  return {
    description: description ?? usual,
    ...HEADERS[status],
    content: { "application/problem+json": { schema: ProblemSchema, example } },
  };
}

/** Error answers of those statuses, with their usual descriptions. */
export function problems<S extends ProblemStatus>(...statuses: S[]) {
  return Object.fromEntries(statuses.map((status) => [status, problem(status)])) as {
    [K in S]: ReturnType<typeof problem>;
  };
}

/** What any endpoint may answer that wants a token. */
export const guarded = problems(400, 401, 403, 429, 500, 503);
/** What any public endpoint may answer. */
export const open = problems(400, 403, 500);
