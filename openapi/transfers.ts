/** The work that a worker slot is for: an upload, a download, a job (document 002). */

import { createRoute, z } from "@hono/zod-openapi";
import {
  conditions,
  CONTENT_DISPOSITION,
  CONTENT_RANGE,
  ETAG,
  ifRange,
  LOCATION,
  preferAsync,
  PREFERENCE_APPLIED,
  rangeHeader,
  REPR_DIGEST,
  RETRY_AFTER,
  UPLOAD_OFFSET,
} from "./headers.ts";
import { JobSchema, WorkerJobSpecSchema } from "./job_schemas.ts";
import { guarded, problem, problems, ProblemSchema } from "./problems.ts";
import { cleanText, flagText, integerText, noQuery } from "./scalars.ts";
import { needs } from "./security.ts";
import { workerIdExample, workerParams, WorkerSchema } from "./workers.ts";

const tags = ["Workers"];
const binary = { schema: z.string().openapi({ format: "binary" }) };
const noSlot = problem(503, "No slot can be had.", "no_slot");
const badWorker = problem(
  400,
  "The worker-id is unknown, expired or used, or the request is malformed.",
  "worker_unknown",
);

const finalState = {
  description: "The work is over: `completed`, or `terminated` halfway.",
  content: { "application/json": { schema: WorkerSchema } },
};

/** Bytes, as a structured field carries them (RFC 9651: at most 15 digits). */
const sizeField = (description: string, example: number) =>
  integerText({ description, minimum: 0, maximum: 999_999_999_999_999, example }).optional();

const resumption = {
  "upload-complete": z.enum(["?1"], {
    error: "Send ?1, or leave it out: the rest of a file comes in one request",
  }).optional().openapi({
    description: "`?1`: the upload is resumable, and this request carries it to its end.",
    example: "?1",
  }),
  "upload-offset": sizeField("The byte that the body goes on from; 0 where an upload begins.", 0),
  "upload-length": sizeField("Size of the whole file in bytes, where the client knows it.", 4194304),
};

export const uploadNew = createRoute({
  method: "post",
  path: "/upload/new/{worker-id}",
  operationId: "upload",
  tags,
  summary: "Upload a file",
  description: "The body is the file, raw or as `multipart/form-data`. Its name comes from `name`, else from " +
    "`Content-Disposition`, else it is the worker-id. Answers when the work is over. A `Content-Digest` or " +
    "`Repr-Digest` that does not match is 400, and nothing is kept.\n\n" +
    "With `Upload-Complete: ?1` the upload is resumable: when it breaks off (the client left, the server stopped or was " +
    "killed, the body stalled, the disk is full) the worker has failed, but what has arrived is kept for a while " +
    "(`--keep-partial`) as an upload known by this worker-id. `HEAD /api/uploads/{upload-id}` tells where to go on; a " +
    "new worker takes the rest, with `resume` and `Upload-Offset`, and answers as if it had taken the whole: " +
    "`Repr-Digest` is then of the whole, `Content-Digest` of what this request carries. Terminating the worker forgets " +
    "what has arrived. The body is raw then. Names and meanings are those of draft-ietf-httpbis-resumable-upload, as " +
    "far as they fit.",
  security: needs("workers:write"),
  request: {
    params: workerParams,
    query: z.strictObject({
      name: cleanText().optional().openapi({ description: "A plain file name.", example: "report.pdf" }),
      replace: flagText("Put it in the place of a file of that name.").optional(),
      resume: z.string().min(1).max(100).optional().openapi({
        description: "Go on with the upload of this id, whose name it keeps. Needs `Upload-Offset`.",
        example: workerIdExample,
      }),
    }),
    headers: z.object({
      "content-disposition": z.string().optional().openapi({ example: 'attachment; filename="report.pdf"' }),
      "content-digest": z.string().optional().openapi({ description: "RFC 9530: of what this request carries." }),
      "repr-digest": z.string().optional().openapi({ description: "RFC 9530: of the whole file." }),
      ...resumption,
      ...conditions,
    }),
    body: {
      required: true,
      content: {
        "application/octet-stream": binary,
        "multipart/form-data": {
          schema: z.object({ file: z.string().openapi({ format: "binary", description: "The first file counts." }) }),
        },
      },
    },
  },
  responses: {
    200: finalState,
    ...guarded,
    400: { ...badWorker, headers: { "Upload-Offset": UPLOAD_OFFSET } },
    415: problem(415, "It has a `Content-Encoding`; files are taken as they are."),
    404: problem(404, "There is no upload of that id to go on with."),
    408: { ...problem(408), headers: { "Upload-Offset": UPLOAD_OFFSET } },
    409: {
      ...problem(
        409,
        "A file of that name exists; or the upload goes on at another byte, which `Upload-Offset` names, or somebody is " +
          "at it.",
        "file_exists",
      ),
      headers: { "Upload-Offset": UPLOAD_OFFSET, "Retry-After": RETRY_AFTER },
    },
    412: { ...problem(412), headers: { "Upload-Offset": UPLOAD_OFFSET } },
    500: {
      ...problem(
        500,
        "It cannot be finished; nothing is left of it, unless it is resumable: then `Upload-Offset` says what is.",
        "transfer_failed",
      ),
      headers: { "Upload-Offset": UPLOAD_OFFSET },
    },
    503: { ...noSlot, headers: { "Upload-Offset": UPLOAD_OFFSET, "Retry-After": RETRY_AFTER } },
    507: { ...problem(507), headers: { "Upload-Offset": UPLOAD_OFFSET } },
  },
});

export const DownloadSchema = z.strictObject({ file: cleanText().openapi({ example: "report.pdf" }) })
  .openapi("DownloadRequest");

export const downloadNew = createRoute({
  method: "post",
  path: "/download/new/{worker-id}",
  operationId: "download",
  tags,
  summary: "Download a file",
  description:
    "Streams the file. Terminated halfway, the transfer breaks off, so that no client takes half for whole; " +
    "the final state stands at `/status/{worker-id}`. The file is named in `file` or in the body, which is read as " +
    "JSON whatever its `Content-Type` says.",
  security: needs("workers:write"),
  request: {
    params: workerParams,
    query: z.strictObject({
      file: cleanText().optional().openapi({ description: "The file's name.", example: "report.pdf" }),
    }),
    headers: z.object({ ...rangeHeader, ...ifRange }),
    body: {
      required: false,
      content: {
        "application/json": {
          schema: DownloadSchema,
        },
      },
    },
  },
  responses: {
    200: {
      description: "The file.",
      headers: { ETag: ETAG, "Repr-Digest": REPR_DIGEST, "Content-Disposition": CONTENT_DISPOSITION },
      content: { "application/octet-stream": binary },
    },
    206: {
      description: "The bytes of the range.",
      headers: {
        "Content-Range": CONTENT_RANGE,
        ETag: ETAG,
        "Repr-Digest": REPR_DIGEST,
        "Content-Disposition": CONTENT_DISPOSITION,
      },
      content: { "application/octet-stream": binary },
    },
    ...guarded,
    ...problems(404, 408, 413, 415, 416),
    400: badWorker,

    500: problem(500, "It cannot be finished.", "transfer_failed"),
    503: noSlot,
  },
});

export const jobNew = createRoute({
  method: "post",
  path: "/job/new/{worker-id}",
  operationId: "runJob",
  tags,
  summary: "Run a command in a worker slot",
  description: "Answers when it is over. If the client goes away, the job goes on.",
  security: needs("workers:write", "jobs:write"),
  request: {
    params: workerParams,
    query: noQuery,
    headers: z.object(preferAsync),
    body: { required: true, content: { "application/json": { schema: WorkerJobSpecSchema } } },
  },
  responses: {
    200: { ...finalState, headers: { "Preference-Applied": PREFERENCE_APPLIED } },
    202: {
      description: "It runs; asked for by `Prefer: respond-async` or `wait`.",
      headers: { Location: LOCATION, "Preference-Applied": PREFERENCE_APPLIED },
      content: { "application/json": { schema: JobSchema } },
    },
    ...guarded,
    ...problems(408, 413, 415, 507),
    400: badWorker,
    500: {
      description: "It could not be started, timed out or was lost: the final state. Or the server failed.",
      content: { "application/json": { schema: WorkerSchema }, "application/problem+json": { schema: ProblemSchema } },
    },
    503: {
      ...problem(503, "No slot can be had; or the server is stopping, and the job goes on at `Location`.", "no_slot"),
      headers: { "Retry-After": RETRY_AFTER, Location: LOCATION },
    },
  },
});

export const transferRoutes = [uploadNew, downloadNew, jobNew];
