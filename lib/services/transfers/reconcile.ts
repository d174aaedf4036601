/** Making the records of files agree with what lies on disk. */

import { createHash } from "node:crypto";
import { Problem } from "../../domain/errors.ts";
import { faultOf } from "../../domain/file_name.ts";
import type { FileRecord } from "../../domain/file.ts";
import { commit } from "../commit.ts";
import type { Version } from "../ports/store.ts";
import type { TransfersContext } from "./context.ts";

const PAGE = 500;

/**
 * Goes through everything: records whose file has vanished are removed; files that were changed behind our back or put
 * there by hand get a record made from their bytes. Takes one name at a time, so uploads may go on meanwhile.
 */
export async function reconcileAll(context: TransfersContext): Promise<void> {
  for await (const name of namesOnDiskAndRecord(context)) {
    try {
      await context.area.lock.run(name, () => reconcileFile(context, name));
    } catch (error) {
      context.onError?.(`File ${JSON.stringify(name)} could not be looked at; it stays as it is.`, error);
    }
  }
}

/**
 * Makes the record of one file right and gives it back; undefined when there is no such file. To be called under the
 * lock of its name.
 */
export async function reconcileFile(context: TransfersContext, name: string): Promise<FileRecord | undefined> {
  const { store, area } = context;
  const found = await store.files.get(name);
  const info = await area.stat(name);
  if (!info?.isFile) {
    if (found) await record(context, name, found.version, null);
    return undefined;
  }
  if (found && sameFile(found.value, info)) return found.value;
  const value = await recordFromDisk(context, name);
  await record(context, name, found?.version ?? null, value);
  return value;
}

/** Whether a file is, by size and time, the one that was recorded. */
export function sameFile(record: FileRecord, info: Deno.FileInfo): boolean {
  return info.size === record.bytes && info.mtime?.getTime() === record.mtime;
}

async function recordFromDisk({ area }: TransfersContext, name: string): Promise<FileRecord> {
  using file = await Deno.open(area.path(name));
  const before = await file.stat();
  const hash = createHash("sha256");
  const piece = new Uint8Array(256 * 1024);
  let bytes = 0;
  for (let count = await file.read(piece); count !== null; count = await file.read(piece)) {
    hash.update(piece.subarray(0, count));
    bytes += count;
  }
  const mtime = before.mtime?.getTime() ?? 0;
  return { name, bytes, sha256: hash.digest("hex"), created: mtime, mtime };
}

async function record(
  { store, clock }: TransfersContext,
  name: string,
  before: Version | null,
  value: FileRecord | null,
): Promise<void> {
  const expect = before === null ? { is: "absent" as const } : { is: "version" as const, oneOf: [before] };
  const outcome = await commit(store, clock, [{ kind: "file", id: name, expect, value }]);
  if ("conflicts" in outcome) throw new Problem("storage_failed", `The record of file ${name} changed by itself.`);
}

async function* namesOnDiskAndRecord({ store, area }: TransfersContext): AsyncIterable<string> {
  for await (const { name, isFile } of Deno.readDir(area.directory)) {
    // Names that could not be asked for are left alone.
    if (isFile && faultOf(name) === undefined) yield name;
  }
  for (let cursor: string | undefined, more = true; more;) {
    const page = await store.files.list({ limit: PAGE, ...(cursor && { cursor }) });
    for (const { value } of page.items) yield value.name;
    cursor = page.next;
    more = cursor !== undefined;
  }
}
