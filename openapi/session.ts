/** Signing in, for browsers. */

import { createRoute, z } from "@hono/zod-openapi";
import { SCOPES } from "../lib/domain/scope.ts";
import { SET_COOKIE } from "./headers.ts";
import { guarded, open, problem, problems } from "./problems.ts";
import { noQuery } from "./scalars.ts";
import { needs, PUBLIC } from "./security.ts";

const tags = ["Service"];

const texts = z.array(z.string());
const BoundsSchema = z.strictObject({
  queues: texts.optional(),
  labels: z.record(z.string(), z.string()).optional(),
  commands: z.strictObject({
    prefixes: z.array(texts).openapi({
      description: "A job's `argv` begins with one of these.",
      example: [["./deploy"]],
    }),
    cwd: z.string().optional(),
    env: texts.optional().openapi({ description: "Variables that may be set." }),
    stdin: z.boolean().optional().openapi({ description: "Whether standard input may be fed." }),
  }).optional(),
}).openapi("TokenBounds");

const SessionSchema = z.strictObject({
  name: z.string().openapi({ description: "The token's name; `anonymous` where none is asked for.", example: "ci" }),
  scopes: z.array(z.enum(SCOPES)).openapi({ description: "What it may do.", example: ["jobs:write"] }),
  bound_to: BoundsSchema.optional().openapi({ description: "Which jobs it is bound to; not there: all." }),
}).openapi("Session");
const session = {
  "application/json": { schema: SessionSchema, example: { name: "ci", scopes: ["jobs:write" as const] } },
};

export const signIn = createRoute({
  method: "post",
  path: "/api/session",
  operationId: "signIn",
  tags,
  summary: "Sign a browser in with a token",
  description:
    "The answer sets a cookie that scripts cannot read, which stands for the token for seven days, until the " +
    "token ends, or until `DELETE /api/session`. Programs send the token itself, as a bearer token.",
  security: PUBLIC,
  request: {
    query: noQuery,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({ token: z.string().min(1).max(1000).openapi({ description: "The token." }) }),
          example: { token: "stint_0123456789ab_…" },
        },
      },
    },
  },
  responses: {
    200: { description: "Signed in.", headers: { "Set-Cookie": SET_COOKIE }, content: session },
    ...open,
    ...problems(401, 403, 408, 413, 415, 429, 507),
  },
});

export const whoAmI = createRoute({
  method: "get",
  path: "/api/session",
  operationId: "whoAmI",
  tags,
  summary: "See what the token at hand may do",
  security: needs(),
  request: { query: noQuery },
  responses: { 200: { description: "Whose it is.", content: session }, ...guarded },
});

export const signOut = createRoute({
  method: "delete",
  path: "/api/session",
  operationId: "signOut",
  tags,
  summary: "Sign a browser out",
  security: PUBLIC,
  request: { query: noQuery },
  responses: {
    204: { description: "Nobody is signed in any more.", headers: { "Set-Cookie": SET_COOKIE } },
    ...open,
    403: problem(403),
  },
});

export const sessionRoutes = [signIn, whoAmI, signOut];
