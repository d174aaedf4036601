/**
 * Who may begin a run: whoever creates its record. The runner creates it (in a way that fails when it is there) before it
 * starts the command; a server that wants to be sure that a run never begins creates it first and writes `claimed`.
 * The run may then be started again under the next record's name, while a runner that comes late finds its own taken.
 */

import { recordName } from "./directory.ts";
import { parseRecord, type RunRecord } from "./record.ts";

export interface FoundRecord {
  path: string;
  record: RunRecord;
  /** When it was last written; milliseconds since the epoch. */
  changed: number;
}

export async function readRecord(path: string): Promise<FoundRecord> {
  const [text, info] = await Promise.all([Deno.readTextFile(path), Deno.stat(path)]);
  return { path, record: parseRecord(text), changed: Math.round(info.mtime?.getTime() ?? Date.now()) };
}

/** The name of the first record that does not exist. */
export async function nextRecord(directory: string): Promise<string> {
  for (let attempt = 0;; attempt++) {
    const found = await orAbsent(Deno.lstat(`${directory}/${recordName(attempt)}`));
    if (!found) return recordName(attempt);
  }
}

/** The record of the run that was begun in `directory`; if none was, claims the next and returns nothing. */
export async function findOrClaim(directory: string): Promise<FoundRecord | undefined> {
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  for (let attempt = 0;; attempt++) {
    const path = `${directory}/${recordName(attempt)}`;
    const found = await orAbsent(readRecord(path));
    if (found && !found.record.claimed) return found;
    if (!found && await claim(path)) return undefined;
    // Somebody was quicker: look at what it is.
    if (!found) attempt--;
  }
}

async function claim(path: string): Promise<boolean> {
  try {
    await Deno.writeTextFile(path, "claimed\n", { createNew: true, mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
