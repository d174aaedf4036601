/** Reading an output as it is pulled. */

import { openOrNothing, readAt, sizeOf } from "./files.ts";

const CHUNK = 64 * 1024;

export interface ReadOptions {
  start: number;
  end?: number;
}

/** The bytes of `path` from `start` to `end`, a chunk of at most 64 KiB at a time, one of them in memory. */
export async function readFile(
  path: string,
  { start, end }: ReadOptions,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const reader = new FileReader(path, start, end ?? await sizeOf(path));
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
  #file: Deno.FsFile | undefined;
  #reading = false;
  #cancelled = false;

  constructor(readonly path: string, private offset: number, readonly limit: number) {}

  get cancelled(): boolean {
    return this.#cancelled;
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
    this.#cancelled = true;
    if (!this.#reading) this.#close();
  }

  async #read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (this.offset >= this.limit) return undefined;
    this.#file ??= await openOrNothing(this.path);
    const bytes = this.#file && await readAt(this.#file, this.offset, Math.min(CHUNK, this.limit - this.offset));
    if (this.cancelled || !bytes || bytes.length === 0) return undefined;
    this.offset += bytes.length;
    return bytes;
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
