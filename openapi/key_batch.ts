/** Several steps on keys, all or nothing. */

import { createRoute, z } from "@hono/zod-openapi";
import { MAX_VALUE_BYTES } from "../lib/domain/key.ts";
import { KeySchema, TTL } from "./keys.ts";
import { guarded, problem, problems } from "./problems.ts";
import { noQuery } from "./scalars.ts";
import { needs } from "./security.ts";

const MAX_STEPS = 128;
const encoder = new TextEncoder();

const expectation = {
  version: z.int().min(1).optional().openapi({ description: "The key is at this version.", example: 17 }),
  exists: z.boolean().optional().openapi({ description: "The key is there, or is not.", example: true }),
};
const value = z.string()
  .refine((text) => text.isWellFormed(), { error: "It contains a lone surrogate, which is no character" })
  .refine((text) => encoder.encode(text).length <= MAX_VALUE_BYTES, { error: `It is over ${MAX_VALUE_BYTES} bytes` })
  .openapi({ description: `At most ${MAX_VALUE_BYTES} bytes of UTF-8.`, example: "hello world!" });

const StepSchema = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("compare"), key: KeySchema, ...expectation }).openapi("CompareStep", {
    description: "Changes nothing; the batch happens only if this is so.",
  }),
  z.strictObject({
    op: z.literal("put"),
    key: KeySchema,
    value,
    ttl: z.number().min(TTL.minimum).max(TTL.maximum).optional().openapi({ example: 60 }),
    ...expectation,
  }).openapi("PutStep"),
  z.strictObject({ op: z.literal("delete"), key: KeySchema, ...expectation }).openapi("DeleteStep", {
    description: "Deleting what is not there changes nothing.",
  }),
]).openapi("BatchStep");
export type Step = z.output<typeof StepSchema>;

export const BatchSchema = z.strictObject({
  steps: z.array(StepSchema).min(1).max(MAX_STEPS),
}).superRefine(({ steps }, context) => {
  const written = new Set<string>();
  steps.forEach((step, index) => {
    const complain = (field: string, message: string) =>
      context.addIssue({ code: "custom", path: ["steps", index, field], message });
    if (step.version !== undefined && step.exists !== undefined) {
      complain("exists", "Send version or exists, not both");
    }
    if (step.op === "compare") {
      if (step.version === undefined && step.exists === undefined) complain("version", "Send version or exists");
      return;
    }
    if (written.has(step.key)) complain("key", "Another step changes this key; one batch changes a key once");
    written.add(step.key);
  });
}).openapi("Batch", {
  example: {
    steps: [
      { op: "compare", key: "foo", version: 17 },
      { op: "put", key: "foo", value: "hello" },
      { op: "delete", key: "bar" },
    ],
  },
});

export const batchKeys = createRoute({
  method: "post",
  path: "/api/keys/batch",
  operationId: "batchKeys",
  tags: ["Keys"],
  summary: "Change several keys at once",
  description: `Up to ${MAX_STEPS} steps, which all happen or none does.`,
  security: needs("keys:write"),
  request: { query: noQuery, body: { required: true, content: { "application/json": { schema: BatchSchema } } } },
  responses: {
    200: {
      description: "All of them happened, and are on disk.",
      content: {
        "application/json": {
          schema: z.strictObject({
            results: z.array(z.strictObject({
              op: z.enum(["compare", "put", "delete"]).openapi({ example: "put" }),
              key: KeySchema,
              version: z.int().nullable().openapi({
                description: "What was written; of a compare, what was found. Null for nothing.",
                example: 18,
              }),
              existed: z.boolean().openapi({ description: "The key was there before.", example: true }),
            })),
          }).openapi("BatchResult"),
        },
      },
    },
    ...guarded,
    ...problems(408, 413, 415, 507),
    412: problem(
      412,
      "Nothing was changed; `errors` names each step that did not find what it expects.",
      "precondition_failed",
    ),
  },
});
