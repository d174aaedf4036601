/** Files that were uploaded. */

import { createRoute, z } from "@hono/zod-openapi";
import {
  conditions,
  CONTENT_DISPOSITION,
  CONTENT_RANGE,
  ETAG,
  ifRange,
  LINK,
  rangeHeader,
  REPR_DIGEST,
} from "./headers.ts";
import { guarded, problems } from "./problems.ts";
import { noQuery, pageQuery, time } from "./scalars.ts";
import { needs } from "./security.ts";

const tags = ["Files"];

export const fileParams = z.object({
  name: z.string().openapi({ description: "A plain file name, percent-encoded.", example: "report.pdf" }),
});

export const FileSchema = z.strictObject({
  name: z.string().openapi({ example: "report.pdf" }),
  bytes: z.int().openapi({ example: 4194304 }),
  sha256: z.string().openapi({
    description: "In hexadecimal.",
    example: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  }),
  created: time("When it was stored."),
  url: z.string().openapi({ format: "uri-reference", example: "/api/files/report.pdf" }),
}).openapi("File");

export const listFiles = createRoute({
  method: "get",
  path: "/api/files",
  operationId: "listFiles",
  tags,
  summary: "List files",
  security: needs("files:read"),
  request: { query: z.strictObject(pageQuery) },
  responses: {
    200: {
      description: "By name.",
      headers: { Link: LINK },
      content: { "application/json": { schema: z.strictObject({ files: z.array(FileSchema) }).openapi("FileList") } },
    },
    ...guarded,
  },
});

const binary = { "application/octet-stream": { schema: z.string().openapi({ format: "binary" }) } };

export const getFile = createRoute({
  method: "get",
  path: "/api/files/{name}",
  operationId: "getFile",
  tags,
  summary: "Read a file",
  security: needs("files:read"),
  request: { params: fileParams, query: noQuery, headers: z.object({ ...rangeHeader, ...ifRange, ...conditions }) },
  responses: {
    200: {
      description: "The file.",
      headers: { ETag: ETAG, "Repr-Digest": REPR_DIGEST, "Content-Disposition": CONTENT_DISPOSITION },
      content: binary,
    },
    206: {
      description: "The bytes of the range.",
      headers: {
        "Content-Range": CONTENT_RANGE,
        ETag: ETAG,
        "Repr-Digest": REPR_DIGEST,
        "Content-Disposition": CONTENT_DISPOSITION,
      },
      content: binary,
    },
    304: { description: "It is as `If-None-Match` has it.", headers: { ETag: ETAG } },
    ...guarded,
    ...problems(404, 412, 416),
  },
});

export const deleteFile = createRoute({
  method: "delete",
  path: "/api/files/{name}",
  operationId: "deleteFile",
  tags,
  summary: "Remove a file",
  security: needs("files:write"),
  request: { params: fileParams, query: noQuery, headers: z.object(conditions) },
  responses: { 204: { description: "It is gone." }, ...guarded, ...problems(404, 412, 507) },
});

export const fileRoutes = [listFiles, getFile, deleteFile];
