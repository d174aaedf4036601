/** Uploads into a worker slot (document 002). */

import type { Context } from "hono";
import type { BodyDeadline } from "../lib/body_deadline.ts";
import { fileNameOf } from "../lib/domain/content_disposition.ts";
import { type Digest, parseDigestField } from "../lib/domain/digest_field.ts";
import { fileFromMultipart } from "../lib/services/transfers/multipart.ts";
import { readThrough } from "../lib/services/transfers/read_through.ts";
import type { UploadRequest } from "../lib/services/transfers/uploads.ts";
import { uploadNew } from "../openapi/transfers.ts";
import { readConditions } from "./conditions.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { givingBack } from "./giving_back.ts";
import { refuseCoding } from "./middleware/body.ts";
import { leaving } from "./leaving.ts";
import { showWorker } from "./show_worker.ts";

export function uploadRoutes(app: App, deps: RouteDeps): void {
  const { workers, uploads, bodyDeadline } = deps;
  const { params, query, headers } = uploadNew.request;

  // Without its body, which is streamed.
  app.openapi({ ...uploadNew, request: { params, query, headers } }, async (c) => {
    const id = c.req.valid("param")["worker-id"];
    const { name, replace = false } = c.req.valid("query");
    // Before anything of the body is read.
    await workers.check(id);
    refuseCoding(c.req.raw.headers);
    const file = await fileOf(c, name, bodyDeadline);
    try {
      const request = { ...file, ...readConditions(c.req.raw), replace, signal: leaving(c) };
      return c.json(await showWorker(deps, await uploads.upload(id, request)), 200);
    } finally {
      // A refused one is not read. The runtime loses the answer when a reader of the request's body is still held.
      if (!file.body.locked) await file.body.cancel();
    }
  });
}

/** The file in a request, and its name: as the query has it, else as the headers, else as the form. */
async function fileOf(
  c: Context<Env>,
  name: string | undefined,
  deadline: BodyDeadline,
): Promise<Pick<UploadRequest, "name" | "body" | "length">> {
  const digests = digestsOf(c);
  const disposition = c.req.header("content-disposition");
  const named = name ?? (disposition === undefined ? undefined : fileNameOf(disposition));
  const type = c.req.header("content-type") ?? "";
  if (/^multipart\/form-data\b/i.test(type)) {
    const file = await fileFromMultipart(type, c.req.raw.body, digests, deadline);
    return { name: named ?? file.name, body: file.body };
  }
  const length = c.req.header("content-length");
  return {
    name: named,
    body: givingBack(readThrough(c.req.raw.body, digests)),
    ...(length !== undefined && { length: Number(length) }),
  };
}

function digestsOf(c: Context<Env>): Digest[] {
  const fields = [c.req.header("content-digest"), c.req.header("repr-digest")];
  return fields.flatMap((field) => field === undefined ? [] : parseDigestField(field));
}
