import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { LOG_PAGES } from "../database.ts";

const MIB = 1024 * 1024;
/** As much as the database may grow by when the write-ahead log is taken into it, and some more; bytes. */
const SIZE = LOG_PAGES * 4096 + 2 * MIB;
/** Room that has to be left on the disk beside the ballast; bytes. */
const MARGIN = MIB;
/** How often it is tried to take up the ballast again; milliseconds. */
const INTERVAL = 250;

/**
 * A file that only takes up room, to be given up when the disk is full: even a removal has to write before it frees
 * anything, and an emptied log needs a larger database.
 */
export class Ballast {
  #there: boolean;
  #tried = -Infinity;

  constructor(readonly path: string) {
    this.#there = sizeOf(path) === SIZE;
  }

  /**
   * Whether it is in its place. Takes it up again as soon as there is room for it, after `makeRoom` made what there is
   * to make; cheap when it is there.
   */
  ready(makeRoom: () => void): boolean {
    if (this.#there || performance.now() - this.#tried < INTERVAL) return this.#there;
    this.#tried = performance.now();
    makeRoom();
    return this.#there = hasRoom(dirname(this.path)) && this.#write();
  }

  /** Makes room. */
  release(): void {
    this.#there = false;
    this.#tried = performance.now();
    try {
      Deno.removeSync(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  #write(): boolean {
    try {
      // Random bytes: a file system that compresses would store nothing for zeros.
      const bytes = new Uint8Array(SIZE);
      for (let at = 0; at < SIZE; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(SIZE, at + 65536)));
      Deno.writeFileSync(this.path, bytes, { mode: 0o600 });
      return true;
    } catch {
      // No room after all: what was written of it must not take it from the removals.
      this.release();
      return false;
    }
  }
}

function hasRoom(directory: string): boolean {
  try {
    const disk = statfsSync(directory);
    return disk.bavail * disk.bsize >= SIZE + MARGIN;
  } catch {
    // The system does not say; writing will show.
    return true;
  }
}

function sizeOf(path: string): number | null {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
