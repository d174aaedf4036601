/**
 * Who may begin a run: whoever creates its record. The runner creates it (in a way that fails when it is there) before it
 * starts the command; a server that wants to be sure that a run never begins creates it first and writes `claimed`.
 * The run may then be started again under the next record's name, while a runner that comes late finds its own taken.
 */

import { recordEnding } from "./places.ts";
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

/** A job's last record, or its ending if there is none yet and the ones before it are claimed. */
export async function findRecord(stem: string): Promise<FoundRecord | string> {
  for (let attempt = 0;; attempt++) {
    const ending = recordEnding(attempt);
    const found = await orAbsent(readRecord(`${stem}.${ending}`));
    if (!found) return ending;
    if (!found.record.claimed) return found;
  }
}

/** The record of the job's run; if it never began, claims its record and returns nothing. */
export async function findOrClaim(stem: string): Promise<FoundRecord | undefined> {
  while (true) {
    const found = await findRecord(stem);
    if (typeof found !== "string") return found;
    // Otherwise somebody was quicker: look at what it is.
    if (await claim(stem, found)) return undefined;
  }
}

/**
 * Written elsewhere and then linked to its place: nobody, not even after a crash, finds a claim that is not yet written
 * and takes it for a run that has just begun.
 */
async function claim(stem: string, ending: string): Promise<boolean> {
  const draft = `${stem}.claim`;
  await Deno.writeTextFile(draft, "claimed\n", { mode: 0o600 });
  try {
    await Deno.link(draft, `${stem}.${ending}`);
    return true;
  } catch (error) {
    // Taken, or somebody who claims it at this moment has removed the draft: look again.
    if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotFound) return false;
    throw error;
  } finally {
    await orAbsent(Deno.remove(draft));
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
