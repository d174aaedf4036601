/** Long requests (documents 000 and 001). */

import { createRoute, z } from "@hono/zod-openapi";
import { guarded, problem, problems, ProblemSchema } from "./problems.ts";
import { decimalText, integerText, noQuery } from "./scalars.ts";
import { needs } from "./security.ts";

const tags = ["Long requests"];

/** A connId as it may stand in JSON. */
export const connId = z.int().min(0).max(Number.MAX_SAFE_INTEGER).openapi({
  description: "The caller's own name for the request.",
  example: 12,
});

const OkSchema = z.strictObject({ status: z.literal("ok") }).openapi("Ok", { example: { status: "ok" } });
const KilledSchema = z.strictObject({ status: z.literal("killed") }).openapi("Killed", {
  example: { status: "killed" },
});
const InvalidConnIdSchema = z.strictObject({
  status: z.string().regex(/^invalid connection Id : \d+$/),
}).openapi("InvalidConnectionId", { example: { status: "invalid connection Id : 12" } });

export const holdRequest = createRoute({
  method: "get",
  path: "/api/request",
  operationId: "holdRequest",
  tags,
  summary: "Hold a request open",
  description: "Answers after `timeout` seconds, or as soon as the request is killed. A client that leaves frees its " +
    "connId at once. `HEAD` is not taken: it would wait too.",
  security: needs("requests:write"),
  request: {
    query: z.strictObject({
      connId: integerText({
        description: "The caller's own name for the request.",
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        example: 19,
      }),
      timeout: decimalText({
        description: "Seconds to hold it; the server may have a lower limit (`--max-hold`, a day by default).",
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        example: 80,
      }),
    }),
  },
  responses: {
    200: { description: "The time is over.", content: { "application/json": { schema: OkSchema } } },
    ...guarded,
    409: problem(409, "That connId is being held already.", "conn_id_in_use"),
    500: {
      description: "The request was killed, or the server failed.",
      content: { "application/json": { schema: KilledSchema }, "application/problem+json": { schema: ProblemSchema } },
    },
    503: problem(503, "The server is stopping."),
  },
});

export const serverStatus = createRoute({
  method: "get",
  path: "/api/serverStatus",
  operationId: "serverStatus",
  tags,
  summary: "See which requests are being held",
  description: "Maps each connId to the whole seconds it has left, rounded up, as strings.",
  security: needs("requests:read"),
  request: { query: noQuery },
  responses: {
    200: {
      description: "The held requests; `{}` when there are none.",
      content: {
        "application/json": {
          schema: z.record(z.string(), z.string().regex(/^\d+$/)).openapi("ServerStatus", {
            example: { "2": "15", "8": "10" },
          }),
        },
      },
    },
    ...guarded,
  },
});

export const KillSchema = z.strictObject({ connId }).openapi("Kill", { example: { connId: 12 } });

export const killRequest = createRoute({
  method: "put",
  path: "/api/kill",
  operationId: "killRequest",
  tags,
  summary: "End a held request",
  description: 'The held request answers `500 {"status":"killed"}`. The body is read as JSON whatever its ' +
    '`Content-Type` says, else as a form (`connId=12`), or as a shell leaves `{"connId"=12}`: `{connId=12}`.',
  security: needs("requests:write"),
  request: {
    query: noQuery,
    body: {
      required: true,
      content: {
        "application/json": { schema: KillSchema },
        "application/x-www-form-urlencoded": { schema: KillSchema },
      },
    },
  },
  responses: {
    200: { description: "It was ended.", content: { "application/json": { schema: OkSchema } } },
    ...guarded,
    ...problems(408, 413, 415),
    400: {
      description: "No request is held under that connId, or the body cannot be read.",
      content: {
        "application/json": { schema: InvalidConnIdSchema },
        "application/problem+json": { schema: ProblemSchema },
      },
    },
  },
});

export const requestRoutes = [holdRequest, serverStatus, killRequest];
