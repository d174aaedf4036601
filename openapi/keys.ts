/** Keys (document 004): one value each, by name. */

import { createRoute, z } from "@hono/zod-openapi";
import { KEY_PATTERN, MAX_VALUE_BYTES } from "../lib/domain/key.ts";
import { ATTACHMENT, conditions, ETAG, LINK } from "./headers.ts";
import { guarded, problem, problems } from "./problems.ts";
import { decimalText, noQuery, pageQuery, time } from "./scalars.ts";
import { needs } from "./security.ts";

const tags = ["Keys"];

export const KeySchema = z.string().regex(KEY_PATTERN, { error: "A key is 1 to 255 of A–Z, a–z and 0–9" }).openapi({
  example: "foo",
});
/** Which keys are meant. */
export const keyPrefix = z.string()
  .regex(/^[A-Za-z0-9]{0,255}$/, { error: "A prefix is at most 255 of A–Z, a–z and 0–9" })
  .optional().openapi({ description: "Only keys that begin with it.", example: "foo" });
export const keyParams = z.object({ key: KeySchema });

/** Seconds until a key is gone; a whole year of leap seconds and more would fit a hundred times. */
export const TTL = { minimum: 0.001, maximum: 1e10 };
export const putKeyQuery = z.strictObject({
  ttl: decimalText({ ...TTL, description: "Seconds after which the key is gone.", example: 60 }).optional(),
});

const value = z.string().openapi({
  format: "binary",
  description: `Valid UTF-8, at most ${MAX_VALUE_BYTES} bytes; its Content-Type does not matter.`,
});
const conditional = z.object(conditions);
const badKey = problem(400, "The key or a parameter is malformed, or the value is not UTF-8.", "invalid_key");

export const getKey = createRoute({
  method: "get",
  path: "/{key}",
  operationId: "getKey",
  tags,
  summary: "Fetch the value of a key",
  security: needs("keys:read"),
  request: { params: keyParams, query: noQuery, headers: conditional },
  responses: {
    200: {
      description: "The value.",
      headers: { ETag: ETAG, "Content-Disposition": ATTACHMENT },
      content: { "application/octet-stream": { schema: value, example: "hello world!" } },
    },
    304: { description: "It is as `If-None-Match` has it.", headers: { ETag: ETAG } },
    ...guarded,
    ...problems(404, 412),
    400: badKey,
  },
});

export const putKey = createRoute({
  method: "put",
  path: "/{key}",
  operationId: "putKey",
  tags,
  summary: "Set the value of a key",
  description: "When it answers, the value is on disk. It replaces the key's remaining time to live, too.",
  security: needs("keys:write"),
  request: {
    params: keyParams,
    query: putKeyQuery,
    headers: conditional,
    body: { required: true, content: { "application/octet-stream": { schema: value, example: "hello world!" } } },
  },
  responses: {
    201: { description: "The key is new.", headers: { ETag: ETAG } },
    204: { description: "Its value was replaced.", headers: { ETag: ETAG } },
    ...guarded,
    ...problems(412, 507),
    400: badKey,
    408: problem(408),
    413: problem(413, `The value is over ${MAX_VALUE_BYTES} bytes.`),
  },
});

export const deleteKey = createRoute({
  method: "delete",
  path: "/{key}",
  operationId: "deleteKey",
  tags,
  summary: "Delete a key",
  security: needs("keys:write"),
  request: { params: keyParams, query: noQuery, headers: conditional },
  responses: { 204: { description: "It is gone." }, ...guarded, ...problems(404, 412, 507), 400: badKey },
});

const LONG_FORM = "The same as `/{key}`. Keys `batch` and `events` are at their short form only.";

/** The long forms, under which there is more. */
export const getKeyLong = { ...getKey, path: "/api/keys/{key}", operationId: "getKeyLong", description: LONG_FORM };
export const putKeyLong = { ...putKey, path: "/api/keys/{key}", operationId: "putKeyLong", description: LONG_FORM };
export const deleteKeyLong = {
  ...deleteKey,
  path: "/api/keys/{key}",
  operationId: "deleteKeyLong",
  description: LONG_FORM,
};

export const KeyEntrySchema = z.strictObject({
  key: KeySchema,
  value: z.string().openapi({ example: "hello world!" }),
  version: z.int().openapi({ description: "As in its `ETag`.", example: 17 }),
  expires: time("When it will be gone; null: never.").nullable(),
}).openapi("KeyEntry");

export const listKeys = createRoute({
  method: "get",
  path: "/api/keys",
  operationId: "listKeys",
  tags,
  summary: "List keys",
  security: needs("keys:read"),
  request: {
    query: z.strictObject({
      prefix: keyPrefix,
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: "In byte order.",
      headers: { Link: LINK },
      content: { "application/json": { schema: z.strictObject({ keys: z.array(KeyEntrySchema) }).openapi("KeyList") } },
    },
    ...guarded,
  },
});
