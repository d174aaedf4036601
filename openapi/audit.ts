/** Who did what. */

import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "./problems.ts";
import { integerText, time } from "./scalars.ts";
import { needs } from "./security.ts";

const EntrySchema = z.strictObject({
  time: time("When it was answered."),
  request_id: z.string().openapi({ description: "As in `X-Request-Id`.", example: "b7e5d0c1f2a94e8c" }),
  token: z.string().nullable().openapi({
    description: "Name of the token; null where none that is known was shown.",
    example: "ci",
  }),
  token_id: z.string().nullable().openapi({ example: "0123456789ab" }),
  address: z.string().openapi({ description: "Where it came from.", example: "192.0.2.7" }),
  action: z.string().openapi({ description: "The operation's name in this contract.", example: "controlJob" }),
  object: z.string().nullable().openapi({ description: "What it was done to.", example: "45" }),
  status: z.int().openapi({ description: "How it ended: the answer's status.", example: 200 }),
}).openapi("AuditEntry");

export const listAudit = createRoute({
  method: "get",
  path: "/api/audit",
  operationId: "listAudit",
  tags: ["Service"],
  summary: "See who did what",
  description:
    "Every request that changed something or was refused for who made it, newest first. The same lines are in " +
    "`audit.log` in the data directory.",
  security: needs("admin"),
  request: {
    query: z.strictObject({
      limit: integerText({ description: "How many.", minimum: 1, maximum: 1000, default: 100 }).optional(),
      before: z.string().max(64).optional().openapi({
        description: "Only what is older than the entry with this `request_id`.",
        example: "b7e5d0c1f2a94e8c",
      }),
    }),
  },
  responses: {
    200: {
      description: "The entries.",
      content: { "application/json": { schema: z.strictObject({ audit: z.array(EntrySchema) }) } },
    },
    ...guarded,
  },
});
