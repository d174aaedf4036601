/** What went wrong. */

import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "./problems.ts";
import { integerText, time } from "./scalars.ts";
import { needs } from "./security.ts";

const EntrySchema = z.strictObject({
  time: time("When it went wrong."),
  message: z.string().openapi({ example: "Request failed" }),
  request_id: z.string().nullable().openapi({
    description: "As in `X-Request-Id`; null for what no request brought about.",
    example: "b7e5d0c1f2a94e8c",
  }),
  facts: z.record(z.string(), z.unknown()).openapi({
    description: "What else is known of it.",
    example: { method: "GET", path: "/api/jobs", status: 503 },
  }),
}).openapi("ErrorEntry");

export const listErrors = createRoute({
  method: "get",
  path: "/api/errors",
  operationId: "listErrors",
  tags: ["Service"],
  summary: "See what went wrong",
  description: "Every answer of 5xx and every internal error, newest first: what `error.log` in the data directory " +
    "and those before it hold.",
  security: needs("admin"),
  request: {
    query: z.strictObject({
      limit: integerText({ description: "How many.", minimum: 1, maximum: 1000, default: 100 }).optional(),
    }),
  },
  responses: {
    200: {
      description: "The entries.",
      content: { "application/json": { schema: z.strictObject({ errors: z.array(EntrySchema) }) } },
    },
    ...guarded,
  },
});
