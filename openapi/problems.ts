/** The shape of every error that no document prescribes: RFC 9457 problem details. */

import { z } from "@hono/zod-openapi";

export const ProblemSchema = z.looseObject({
  type: z.string().openapi({
    format: "uri-reference",
    description: "Says which kind of problem it is; the same for every problem of the same `code`.",
    example: "about:blank",
  }),
  title: z.string().openapi({ description: "The status in words.", example: "Not Found" }),
  status: z.int().openapi({ description: "The HTTP status.", example: 404 }),
  detail: z.string().openapi({
    description: "What was wrong, and what to send instead.",
    example: "There is no job 45.",
  }),
  code: z.string().openapi({ description: "Stable; made for programs.", example: "not_found" }),
  request_id: z.string().openapi({
    description: "The same as in `X-Request-Id` and in the server's logs.",
    example: "b7e5d0c1f2a94e8c",
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

const DESCRIPTIONS = {
  400: ["invalid_request", "Bad Request", "Something in the request is missing, malformed, unknown or out of range."],
  401: ["unauthorized", "Unauthorized", "No bearer token, or one that is not known, expired or revoked."],
  403: ["insufficient_scope", "Forbidden", "The token does not allow it, or the request comes from another site."],
  404: ["not_found", "Not Found", "There is nothing by that name."],
  405: ["method_not_allowed", "Method Not Allowed", "The path does not take this method; `Allow` names those it does."],
  409: ["conflict", "Conflict", "The state of the thing does not allow it."],
  410: ["result_gone", "Gone", "It was deleted, or is no longer kept."],
  412: ["precondition_failed", "Precondition Failed", "A condition of the request does not hold; nothing was changed."],
  413: ["too_large", "Content Too Large", "The body is larger than is taken."],
  415: ["unsupported_media_type", "Unsupported Media Type", "The body is not in a form that is taken here."],
  416: ["invalid_range", "Range Not Satisfiable", "The range lies outside; `Content-Range` names the size."],
  422: ["idempotency_mismatch", "Unprocessable Content", "The Idempotency-Key was used for another request."],
  429: ["too_many_attempts", "Too Many Requests", "Too many wrong credentials; `Retry-After` says when to come back."],
  500: ["internal", "Internal Server Error", "The server failed; `error.log` has the details under `request_id`."],
  503: ["shutting_down", "Service Unavailable", "Not now; `Retry-After` says when to come back."],
  507: ["storage_full", "Insufficient Storage", "The disk is full; nothing was changed."],
} as const;
type ProblemStatus = keyof typeof DESCRIPTIONS;

/** An error answer of that status; `description` where the endpoint can say more than the usual. */
export function problem(status: ProblemStatus, description?: string, code?: string) {
  const [usualCode, title, usual] = DESCRIPTIONS[status];
  const example = {
    type: "about:blank",
    title,
    status,
    detail: description ?? usual,
    code: code ?? usualCode,
    request_id: "b7e5d0c1f2a94e8c",
  };
  return {
    description: description ?? usual,
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
