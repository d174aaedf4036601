/** What becomes of what has arrived when an upload ends without becoming a file. */

import { Problem } from "../../domain/errors.ts";
import type { PartialUpload } from "../../domain/partial_upload.ts";
import { commit } from "../commit.ts";
import type { TransfersContext } from "./context.ts";
import { remove } from "./file_area.ts";
import { forgetPartial } from "./partials.ts";
import { ContentMismatch } from "./read_through.ts";
import { Terminated } from "./transfer.ts";
import type { UploadPlan } from "./upload_plan.ts";

/** After these there is no sense in going on: the whole is not what was announced. */
const HOPELESS: ReadonlySet<string> = new Set(["digest_mismatch", "invalid_request"]);

/**
 * Removes it, or keeps what may be gone on with. Answers with how many bytes were kept, none when nothing was. Never
 * throws: what could not be done is done at the next start, and `onError` hears of it.
 */
export async function breakOff(
  context: TransfersContext,
  path: string,
  { partial, from }: UploadPlan,
  error: unknown,
): Promise<number> {
  try {
    if (!partial) {
      await remove(path);
      return 0;
    }
    // What this request brought is not what it says it is; what was there before is.
    if (error instanceof ContentMismatch) await Deno.truncate(path, from);
    else if (isHopeless(error)) return await forgotten(context, partial);
    const bytes = await context.area.syncedSize(partial.id);
    if (bytes === 0) return await forgotten(context, partial);
    await rest(context, partial);
    return bytes;
  } catch (failure) {
    context.onError?.("What had arrived of an upload could not be looked after; it stays as it is.", failure);
    return 0;
  }
}

function isHopeless(error: unknown): boolean {
  return error instanceof Terminated || (error instanceof Problem && HOPELESS.has(error.code));
}

async function forgotten(context: TransfersContext, { id }: PartialUpload): Promise<0> {
  await forgetPartial(context, id);
  return 0;
}

/** On a full disk it cannot be written down; until that is done, the time that it is kept for runs from its beginning. */
async function rest({ store, clock, onError }: TransfersContext, partial: PartialUpload): Promise<void> {
  const value = { ...partial, worker: null, touched: clock.now() };
  try {
    await commit(store, clock, [{ kind: "upload", id: partial.id, expect: { is: "present" }, value }]);
  } catch (error) {
    onError?.(
      `When upload ${partial.id.slice(0, 8)}… broke off could not be written down; it may be gone on with.`,
      error,
    );
  }
}

/** The same, with what was kept and how to go on with it. */
export function withWayOn({ code, message, extras }: Problem, { id }: PartialUpload, bytes: number): Problem {
  // Without the id, which would come into the log with it.
  const way = `What has arrived, ${bytes} bytes, is kept and may be gone on with: GET /api/uploads lists it.`;
  return new Problem(code, `${message} ${way}`, {
    ...extras,
    uploadOffset: bytes,
    members: { ...extras.members, upload_id: id, upload_offset: bytes },
  });
}
