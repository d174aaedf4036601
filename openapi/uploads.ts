/**
 * Uploads that broke off and may be gone on with. Names and meanings follow "Resumable Uploads for HTTP"
 * (draft-ietf-httpbis-resumable-upload) as far as they fit worker slots.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { LINK, RETRY_AFTER, UPLOAD_COMPLETE, UPLOAD_LENGTH, UPLOAD_LIMIT, UPLOAD_OFFSET } from "./headers.ts";
import { guarded, problem, problems } from "./problems.ts";
import { cleanText, noQuery, pageQuery, time } from "./scalars.ts";
import { needs } from "./security.ts";
import { workerIdExample } from "./workers.ts";

const tags = ["Files"];

const uploadParams = z.object({
  "upload-id": z.string().openapi({
    description: "The worker-id that the upload began with.",
    example: workerIdExample,
  }),
});

const fields = {
  upload_id: z.string().openapi({ description: "The worker-id that it began with.", example: workerIdExample }),
  name: z.string().openapi({ description: "What the file is to be called.", example: "report.pdf" }),
  bytes: z.int().openapi({ description: "How many bytes have arrived: where to go on.", example: 1048576 }),
  total: z.int().nullable().openapi({ description: "Size of the whole, where it is known.", example: 4194304 }),
  created: time("When it was begun."),
  expires: time("When it is forgotten; null while somebody sends more, or when it is kept for good.").nullable(),
  "worker-id": z.string().nullable().openapi({
    description: "The worker that brings more of it at this moment; null: it may be gone on with.",
    example: null,
  }),
};

export const UploadSchema = z.strictObject(fields).openapi("PartialUpload");

const InspectedUploadSchema = z.strictObject({
  ...fields,
  sha256: z.string().nullable().openapi({
    description: "Of the bytes that have arrived, in hexadecimal; null while somebody sends more.",
    example: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  }),
}).openapi("InspectedUpload");

export const listUploads = createRoute({
  method: "get",
  path: "/api/uploads",
  operationId: "listUploads",
  tags,
  summary: "List uploads that may be gone on with",
  description: "What has arrived of resumable uploads that are not complete, those under way included. `POST " +
    "/upload/new/{worker-id}` with `Upload-Complete: ?1` begins one, and with `resume` goes on with it.",
  security: needs("workers:read"),
  request: {
    query: z.strictObject({
      name: cleanText().optional().openapi({
        description: "Only those of a file of that name.",
        example: "report.pdf",
      }),
      ...pageQuery,
    }),
  },
  responses: {
    200: {
      description: "Newest first.",
      headers: { Link: LINK },
      content: {
        "application/json": { schema: z.strictObject({ uploads: z.array(UploadSchema) }).openapi("UploadList") },
      },
    },
    ...guarded,
  },
});

const offsets = {
  "Upload-Offset": UPLOAD_OFFSET,
  "Upload-Complete": UPLOAD_COMPLETE,
  "Upload-Length": UPLOAD_LENGTH,
  "Upload-Limit": UPLOAD_LIMIT,
};

export const getUpload = createRoute({
  method: "get",
  path: "/api/uploads/{upload-id}",
  operationId: "getUpload",
  tags,
  summary: "See where an upload goes on",
  description:
    "`HEAD` answers 204 with `Upload-Offset` at once; the bytes before that are on disk, whatever happens. " +
    "`GET` tells their SHA-256 as well, by which a client can be sure that it has the same file, and takes as long as " +
    "reading them.",
  security: needs("workers:read"),
  request: { params: uploadParams, query: noQuery },
  responses: {
    200: {
      description: "What has arrived.",
      headers: offsets,
      content: { "application/json": { schema: InspectedUploadSchema } },
    },
    204: { description: "To `HEAD`: where to go on.", headers: offsets },
    ...guarded,
    ...problems(404),
  },
});

export const deleteUpload = createRoute({
  method: "delete",
  path: "/api/uploads/{upload-id}",
  operationId: "deleteUpload",
  tags,
  summary: "Forget an upload",
  description: "What has arrived is removed. One that somebody is sending more of is ended by terminating that worker.",
  security: needs("workers:write"),
  request: { params: uploadParams, query: noQuery },
  responses: {
    204: { description: "It is gone." },
    ...guarded,
    ...problems(404, 507),
    409: {
      ...problem(409, "Somebody is sending more of it; the worker is named.", "upload_active"),
      headers: { "Retry-After": RETRY_AFTER },
    },
  },
});

export const uploadRoutes = [listUploads, getUpload, deleteUpload];
