import { statfsSync } from "node:fs";
import { dirname } from "node:path";

const SIZE = 1024 * 1024;
/** Room that has to be left on the disk before the ballast takes its part again; bytes. */
const ROOM = 16 * SIZE;
/** How often that is looked at; milliseconds. */
const INTERVAL = 5000;

/**
 * A file that only takes up room, to be given up when the disk is full: even a removal has to write before it frees
 * anything.
 */
export class Ballast {
  #there = false;
  #looked = -Infinity;

  constructor(readonly path: string) {}

  /** Makes room. Returns false when there was nothing left to give up. */
  release(): boolean {
    this.#there = false;
    this.#looked = performance.now();
    try {
      Deno.removeSync(this.path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  /** Takes it up again once there is room. Cheap enough to be called after every commit. */
  restore(): void {
    if (this.#there || performance.now() - this.#looked < INTERVAL) return;
    this.#looked = performance.now();
    try {
      const disk = statfsSync(dirname(this.path));
      if (disk.bavail * disk.bsize < ROOM) return;
      // Random bytes: a file system that compresses would store nothing for zeros.
      const bytes = new Uint8Array(SIZE);
      for (let at = 0; at < SIZE; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
      Deno.writeFileSync(this.path, bytes, { mode: 0o600 });
      this.#there = true;
    } catch {
      // No room after all, or the disk does not say: without ballast the store works as well, until the disk is full.
    }
  }
}
