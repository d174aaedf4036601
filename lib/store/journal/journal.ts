/**
 * The file that changes of keys are put on disk in before they are acknowledged. It always has the same size and is
 * written round and round: so a sync has the data to wait for and nothing else, and a full disk does not matter to it.
 */

import { dirname } from "node:path";
import type { Version } from "../../services/ports/store.ts";
import { messageOf, Untrustworthy } from "../errors.ts";
import { type Group, groupAt, SECTOR } from "./group.ts";

/** Bytes of the file. */
const SIZE = 6 * 1024 * 1024;
/** Of these at most so many may hold what the database does not have yet. */
export const ROOM = SIZE / 3;

/** All sound groups of that database in the journal at `path`, whatever their order; none when there is no such file. */
export async function readJournal(path: string, identity: number): Promise<Group[]> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const groups: Group[] = [];
  for (let at = 0; at < bytes.length;) {
    const group = groupAt(bytes, at, identity);
    if (group) groups.push(group);
    at += group ? Math.ceil(group.bytes.length / SECTOR) * SECTOR : SECTOR;
  }
  return groups;
}

/** Those that go on from `version`, one after the other, up to the first gap. */
export function following(groups: Group[], version: Version): Group[] {
  const byFirst = new Map<Version, Group>();
  for (const group of groups) {
    const other = byFirst.get(group.first);
    // Of two that claim the same place, the earlier one failed to be written.
    if (group.count > 0 && !(other && other.serial > group.serial)) byFirst.set(group.first, group);
  }
  const chain: Group[] = [];
  let next = version + 1;
  for (let group = byFirst.get(next); group; group = byFirst.get(next)) {
    chain.push(group);
    next += group.count;
  }
  return chain;
}

export class Journal {
  #at = 0;
  /** The file's own position, where it is known. */
  #position = -1;

  private constructor(readonly file: Deno.FsFile, readonly synced: boolean) {}

  /**
   * Opens it, after making it where there is none. `synced`: false is for tests that show what is lost without.
   * @throws of the file system.
   */
  static async open(path: string, synced = true): Promise<Journal> {
    const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
    try {
      if ((await file.stat()).size !== SIZE) await make(file, path);
      return new Journal(file, synced);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Writes a group, whose length is a multiple of a sector's, over what is oldest. It is on disk after {@link sync}. When
   * it throws, the next one goes to the same place.
   */
  write(padded: Uint8Array): void {
    if (this.#at + padded.length > SIZE) this.#at = 0;
    const at = this.#at;
    if (at !== this.#position) this.file.seekSync(at, Deno.SeekMode.Start);
    this.#position = -1;
    for (let done = 0; done < padded.length;) {
      done += this.file.writeSync(done === 0 ? padded : padded.subarray(done));
    }
    this.#at = this.#position = at + padded.length;
  }

  /** @throws {Untrustworthy} */
  sync(): void {
    try {
      if (this.synced) this.file.syncDataSync();
    } catch (error) {
      throw syncFailed(error);
    }
  }

  /** The same, without holding up the thread. Nothing may be written meanwhile. */
  async syncMeanwhile(): Promise<void> {
    try {
      if (this.synced) await this.file.syncData();
    } catch (error) {
      throw syncFailed(error);
    }
  }

  close(): void {
    this.file.close();
  }
}

/** On disk, as a file of its full size, before anything is promised that relies on it. */
async function make(file: Deno.FsFile, path: string): Promise<void> {
  const zeros = new Uint8Array(1024 * 1024);
  await file.seek(0, Deno.SeekMode.Start);
  for (let done = 0; done < SIZE;) done += await file.write(zeros.subarray(0, Math.min(zeros.length, SIZE - done)));
  await file.truncate(SIZE);
  await file.sync();
  using directory = await Deno.open(dirname(path));
  await directory.sync();
}

function syncFailed(error: unknown): Untrustworthy {
  return new Untrustworthy(`The disk failed to sync: ${messageOf(error)}`, { cause: error });
}
