/** Counters: a key that holds a whole number. */

import { createRoute, z } from "@hono/zod-openapi";
import { conditions, ETAG } from "./headers.ts";
import { keyParams, KeySchema } from "./keys.ts";
import { guarded, problem, problems } from "./problems.ts";
import { noQuery } from "./scalars.ts";
import { needs } from "./security.ts";

const AddSchema = z.strictObject({
  amount: z.int().openapi({
    description: "A whole number, negative ones too, of at most 2^53 - 1 either way.",
    example: 1,
  }),
}).openapi("KeyAddition");

export const addToKey = createRoute({
  method: "post",
  path: "/api/keys/{key}/add",
  operationId: "addToKey",
  tags: ["Keys"],
  summary: "Add to a number",
  description: "Adds to the whole number that the key holds as decimal text; a key that is not there counts as 0. " +
    "Its time to live stays as it is. Of additions that come at once none is lost. " +
    "With an `Idempotency-Key`, repeating the same request adds nothing and gives the first answer, also after a " +
    "restart: at least the latest 100,000 such additions are known. " +
    "Numbers go from -(2^53 - 1) to 2^53 - 1, which every reader of JSON takes.",
  security: needs("keys:write"),
  request: {
    params: keyParams,
    query: noQuery,
    headers: z.object({
      ...conditions,
      "idempotency-key": z.string().min(1).max(255).optional().openapi({
        description: "A name for this addition, by which its repetition is known.",
        example: "8e03978e-40d5-43dd-bc93-6894a57f9324",
      }),
    }),
    body: { required: true, content: { "application/json": { schema: AddSchema } } },
  },
  responses: {
    200: {
      description: "The sum, which is on disk.",
      headers: { ETag: ETAG },
      content: {
        "application/json": {
          schema: z.strictObject({
            key: KeySchema,
            value: z.int().openapi({ description: "The sum.", example: 43 }),
            version: z.int().openapi({ description: "As in its `ETag`.", example: 18 }),
            created: z.boolean().openapi({ description: "The key was not there before.", example: false }),
          }).openapi("KeySum"),
        },
      },
    },
    ...guarded,
    409: problem(409, "The value is no whole number, or the sum would be out of range.", "not_a_number"),
    ...problems(412, 408, 413, 415, 422, 507),
  },
});
