/** Reading an output as it is pulled. */

import { openOrNothing, readAt, sizeOf } from "./files.ts";
import type { Growth } from "./growth.ts";

const CHUNK = 64 * 1024;

export interface ReadOptions {
  start: number;
  end?: number;
  follow?: AbortSignal;
}

/**
 * The bytes of `path` from `start` to `end`, a chunk of at most 64 KiB at a time, one of them in memory.
 * With `follow` it waits at the end of the file for more until that signal aborts, then reads what is left.
 */
export async function readFile(
  path: string,
  { start, end, follow }: ReadOptions,
  growth: Growth,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const limit = end ?? (follow ? Infinity : await sizeOf(path));
  const reader = new FileReader(path, start, limit, growth, follow);
  return new ReadableStream({
    async pull(controller) {
      const bytes = await reader.next();
      if (bytes) controller.enqueue(bytes);
      else if (!reader.cancelled) controller.close();
    },
    cancel: () => reader.cancel(),
  }, { highWaterMark: 0 });
}

/** Holds the file open between the first chunk and the last, so that its removal in between does no harm. */
class FileReader {
  readonly #cancel = new AbortController();
  /** Ends the waiting for more. */
  readonly #stop: AbortSignal | undefined;
  #file: Deno.FsFile | undefined;
  #reading = false;

  constructor(
    readonly path: string,
    private offset: number,
    readonly limit: number,
    readonly growth: Growth,
    readonly follow: AbortSignal | undefined,
  ) {
    this.#stop = follow && AbortSignal.any([follow, this.#cancel.signal]);
  }

  get cancelled(): boolean {
    return this.#cancel.signal.aborted;
  }

  /** The next chunk, or nothing at the end. */
  async next(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.#reading = true;
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    try {
      bytes = await this.#read();
      return bytes;
    } finally {
      this.#reading = false;
      if (!bytes || this.cancelled) this.#close();
    }
  }

  cancel(): void {
    this.#cancel.abort();
    if (!this.#reading) this.#close();
  }

  async #read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    while (!this.cancelled && this.offset < this.limit) {
      // Asked before reading: what was written before the abort is read after it.
      const last = !this.follow || this.follow.aborted;
      this.#file ??= await openOrNothing(this.path);
      const length = Math.min(CHUNK, this.limit - this.offset);
      const bytes = this.#file && await readAt(this.#file, this.offset, length);
      if (this.cancelled) return undefined;
      if (bytes && bytes.length > 0) {
        this.offset += bytes.length;
        return bytes;
      }
      if (last) return undefined;
      await this.growth.longerThan(this.path, this.offset, this.#stop!);
    }
    return undefined;
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
