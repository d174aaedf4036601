/** A stored file, opened together with what is known of it. */

import { Problem } from "../../domain/errors.ts";
import type { FileRecord } from "../../domain/file.ts";
import { faultOf } from "../../domain/file_name.ts";
import type { TransfersContext } from "./context.ts";
import { reconcileFile, sameFile } from "./reconcile.ts";

export interface StoredFile {
  file: Deno.FsFile;
  record: FileRecord;
}

/** @throws {Problem} `not_found`, also for what cannot be a file's name. */
export async function recordOf({ store }: TransfersContext, name: string): Promise<FileRecord> {
  const found = faultOf(name) === undefined ? await store.files.get(name) : undefined;
  if (!found) throw fileNotFound(name);
  return found.value;
}

/**
 * Opens a file. Its record is of the very bytes that will be read: when the file was changed behind our back, it is made
 * again first.
 * @throws {Problem} `not_found`.
 */
export async function openStored(context: TransfersContext, name: string): Promise<StoredFile> {
  await recordOf(context, name);
  return await context.area.lock.run(name, async () => {
    const record = await reconcileFile(context, name);
    if (!record) throw fileNotFound(name);
    const file = await Deno.open(context.area.path(name));
    const info = await file.stat();
    if (info.isFile && sameFile(record, info)) return { file, record };
    file.close();
    throw new Problem("transfer_failed", `File ${JSON.stringify(name)} is being changed on disk. Try again.`);
  });
}

export function fileNotFound(name: string): Problem {
  return new Problem(
    "not_found",
    `There is no file ${JSON.stringify(name.slice(0, 300))}. GET /api/files lists what there is.`,
  );
}
