/** What is to be done for an upload: everything that can be refused before a byte of it is read. */

import { Problem } from "../../domain/errors.ts";
import { checkFileName } from "../../domain/file_name.ts";
import type { PartialUpload } from "../../domain/partial_upload.ts";
import type { Change } from "../ports/store.ts";
import type { TransfersContext } from "./context.ts";
import { findPartial } from "./partials.ts";
import { checkTarget, exists } from "./target.ts";
import type { UploadRequest } from "./upload_request.ts";

export interface UploadPlan {
  name: string;
  /** Size of the whole, where it is known. */
  total: number | null;
  /** How much is there already. */
  from: number;
  /** What is known of it while it is not whole; not there when nothing is kept of one that breaks off. */
  partial?: PartialUpload;
  /** What begins together with the worker. */
  together: Change[];
  /** Lets others have the name and the upload. */
  release(): void;
}

/**
 * @throws {Problem} `invalid_file_name`, `file_exists`, `precondition_failed`, `invalid_request`; for one that goes on:
 * `not_found`, `upload_active`, `upload_offset_mismatch`.
 */
export async function planUpload(
  context: TransfersContext,
  workerId: string,
  request: UploadRequest,
): Promise<UploadPlan> {
  const { area } = context;
  const resume = request.resumable?.resume;
  // Before it is somebody's, who would keep it from being over.
  if (resume) await findPartial(context, resume.id);
  const letGo = request.resumable ? area.holds.take(resume?.id ?? workerId, workerId) : () => {};
  try {
    const plan = resume
      ? await planContinuation(context, workerId, request, resume)
      : planBeginning(context, workerId, request);
    await checkTarget(context, plan.name, request);
    const unclaim = claim(context, plan.name, request);
    return {
      ...plan,
      release() {
        unclaim();
        letGo();
      },
    };
  } catch (error) {
    letGo();
    throw error;
  }
}

type Bare = Omit<UploadPlan, "release">;

function planBeginning({ clock }: TransfersContext, workerId: string, request: UploadRequest): Bare {
  const name = checkFileName(request.name ?? workerId);
  const { resumable, length } = request;
  if (!resumable) return { name, total: length ?? null, from: 0, together: [] };
  const total = totalOf(0, length, resumable.total, null);
  const now = clock.now();
  const partial = { id: workerId, name, total, created: now, touched: now, worker: workerId };
  const change: Change = { kind: "upload", id: workerId, expect: { is: "absent" }, value: partial };
  return { name, total, from: 0, partial, together: [change] };
}

async function planContinuation(
  context: TransfersContext,
  workerId: string,
  { name, length, resumable }: UploadRequest,
  { id, offset }: { id: string; offset: number },
): Promise<Bare> {
  const { value: before, version } = await findPartial(context, id);
  if (name !== undefined && name !== before.name) throw otherName(before, name);
  const from = await context.area.syncedSize(id);
  if (offset !== from) throw elsewhere(id, offset, from);
  const total = totalOf(from, length, resumable?.total, before.total);
  const partial = { ...before, total, worker: workerId, touched: context.clock.now() };
  const change: Change = { kind: "upload", id, expect: { is: "version", oneOf: [version] }, value: partial };
  return { name: before.name, total, from, partial, together: [change] };
}

/** Who may replace does not mind who comes first; of the others only one can win, and it is better to know now. */
function claim({ area: { claimed } }: TransfersContext, name: string, request: UploadRequest): () => void {
  if (request.replace || request.ifMatch) return () => {};
  if (claimed.has(name)) throw exists(name, "It is being uploaded by somebody else. Choose another name.");
  claimed.add(name);
  return () => claimed.delete(name);
}

/** Size of the whole, by all that is said of it. @throws {Problem} `invalid_request` when that does not agree. */
function totalOf(
  from: number,
  length: number | undefined,
  announced: number | undefined,
  known: number | null,
): number | null {
  const said = [known ?? undefined, announced, length === undefined ? undefined : from + length]
    .filter((size) => size !== undefined);
  if (new Set(said).size <= 1 && (said[0] ?? from) >= from) return said[0] ?? null;
  throw new Problem(
    "invalid_request",
    `The sizes do not agree: ${from} bytes are there, ${length ?? "an unknown number"} are to come, and the whole is ` +
      `said to be ${[...new Set([known, announced])].filter((size) => size != null).join(" and ")}. Send all that is ` +
      "missing in one request, or send the file from its beginning.",
  );
}

function otherName({ id, name }: PartialUpload, asked: string): Problem {
  return new Problem(
    "invalid_request",
    `Upload ${id} is of a file ${JSON.stringify(name)}, not ${
      JSON.stringify(asked.slice(0, 300))
    }. Leave the name out.`,
  );
}

/** As the draft has it, which clients that know it look for. */
function elsewhere(id: string, offset: number, from: number): Problem {
  return new Problem(
    "upload_offset_mismatch",
    `Of upload ${id} ${from} bytes are there, and the request goes on at ${offset}. Send Upload-Offset: ${from} and ` +
      "the file from that byte on.",
    { uploadOffset: from, members: { "expected-offset": from, "provided-offset": offset } },
  );
}
