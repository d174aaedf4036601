/** Uploads into a worker slot (document 002). */

import type { Context } from "hono";
import type { BodyDeadline } from "../lib/body_deadline.ts";
import { fileNameOf } from "../lib/domain/content_disposition.ts";
import { type Digest, parseDigestField } from "../lib/domain/digest_field.ts";
import { Problem } from "../lib/domain/errors.ts";
import { fileFromMultipart } from "../lib/services/transfers/multipart.ts";
import { readThrough } from "../lib/services/transfers/read_through.ts";
import type { Resumable, UploadRequest } from "../lib/services/transfers/upload_request.ts";
import { uploadNew } from "../openapi/transfers.ts";
import { readConditions } from "./conditions.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { givingBack } from "./giving_back.ts";
import { refuseCoding } from "./middleware/body.ts";
import { shortened } from "./middleware/audit.ts";
import { leaving } from "./leaving.ts";
import { showWorker } from "./show_worker.ts";
import { resumableOf } from "./resumption.ts";

const FORM = /^multipart\/form-data\b/i;

export function uploadRoutes(app: App, deps: RouteDeps): void {
  const { workers, uploads, bodyDeadline } = deps;
  const { params, query, headers } = uploadNew.request;

  // Without its body, which is streamed.
  app.openapi({ ...uploadNew, request: { params, query, headers } }, async (c) => {
    const id = c.req.valid("param")["worker-id"];
    const { name, replace = false, resume } = c.req.valid("query");
    if (resume !== undefined) c.set("object", `${shortened(id)} resumes ${shortened(resume)}`);
    // Before anything of the body is read.
    await workers.check(id);
    refuseCoding(c.req.raw.headers);
    const resumable = resumableOf(c.req.valid("header"), resume);
    const file = await fileOf(c, name, resumable, bodyDeadline);
    try {
      const request = { ...file, ...readConditions(c.req.raw), replace, signal: leaving(c) };
      return c.json(await showWorker(deps, await uploads.upload(id, request)), 200);
    } finally {
      // A refused one is not read. The runtime loses the answer when a reader of the request's body is still held.
      if (!file.body.locked) await file.body.cancel();
    }
  });
}

type Source = Pick<UploadRequest, "name" | "body" | "length" | "resumable">;

/** The file in a request, and its name: as the query has it, else as the headers, else as the form. */
async function fileOf(
  c: Context<Env>,
  name: string | undefined,
  resumable: Omit<Resumable, "digests"> | undefined,
  deadline: BodyDeadline,
): Promise<Source> {
  const content = digestsIn(c.req.header("content-digest"));
  const whole = digestsIn(c.req.header("repr-digest"));
  const disposition = c.req.header("content-disposition");
  const named = name ?? (disposition === undefined ? undefined : fileNameOf(disposition));
  const type = c.req.header("content-type") ?? "";
  if (FORM.test(type)) {
    if (resumable) throw formIsNotResumable();
    const file = await fileFromMultipart(type, c.req.raw.body, [...content, ...whole], deadline);
    return { name: named ?? file.name, body: file.body };
  }
  const length = c.req.header("content-length");
  // Where what is there already does not come with the request, only its end tells what the whole is.
  const checked = resumable ? content : [...content, ...whole];
  return {
    name: named,
    body: givingBack(readThrough(c.req.raw.body, checked)),
    ...(length !== undefined && { length: Number(length) }),
    ...(resumable && { resumable: { ...resumable, digests: whole } }),
  };
}

function digestsIn(field: string | undefined): Digest[] {
  return field === undefined ? [] : parseDigestField(field);
}

function formIsNotResumable(): Problem {
  return new Problem(
    "unsupported_media_type",
    "A form cannot be gone on with. Send the file itself as the body, or leave Upload-Complete out.",
  );
}
