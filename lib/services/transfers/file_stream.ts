/** Reading a part of a stored file as somebody pulls it. */

import type { ByteRange } from "../../domain/byte_range.ts";

/** How much is read at once. */
const PIECE = 64 * 1024;

/** Somebody who holds back, counts, and hears of the end. */
export interface Reading {
  /** Before each piece. @throws when nothing more is to be given. */
  pass(): Promise<void>;
  moved(bytes: number): void;
  /** Before the last piece is given, so that whoever has it all can see that all is over. */
  completed(): Promise<void>;
  /** The reader lost interest, or reading failed. */
  failed(error: unknown): void;
}

/** A stream over part of a file, and ways to end it early. Closes the file at its end, however that comes. */
export interface FileStream {
  stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The reader gets an error in the place of the rest. */
  breakOff(reason: string): void;
  /** Nobody reads it any more. */
  abandon(): void;
}

/** The reader lost interest. */
export class ReaderLeft extends Error {
  override readonly name = "ReaderLeft";
}

export function streamFile(file: Deno.FsFile, { start, end }: ByteRange, reading?: Reading): FileStream {
  let left = end - start;
  let open = true;
  let controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  const close = () => {
    if (open) file.close();
    open = false;
  };
  const breakOff = (reason: string) => {
    if (!open) return;
    close();
    // The runtime prints what a response fails with: a line that says why is enough, where an error would bring its stack.
    controller.error(reason);
  };

  /** Gives one piece. */
  async function give(): Promise<void> {
    await reading?.pass();
    const piece = new Uint8Array(Math.min(PIECE, left));
    const count = left === 0 ? 0 : await file.read(piece);
    // A pause, or an end, that came while the disk was busy.
    await reading?.pass();
    if (count === null) throw new Error("The file was shortened while it was read.");
    left -= count;
    reading?.moved(count);
    if (left === 0) await reading?.completed();
    if (!open) return;
    if (count > 0) controller.enqueue(piece.subarray(0, count));
    if (left > 0) return;
    close();
    controller.close();
  }

  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(given) {
      controller = given;
      await file.seek(start, Deno.SeekMode.Start);
    },
    async pull() {
      try {
        await give();
      } catch (error) {
        if (!open) return;
        close();
        reading?.failed(error);
        throw error;
      }
    },
    cancel() {
      const early = open;
      close();
      if (early) reading?.failed(new ReaderLeft("The reader left."));
    },
  }, { highWaterMark: 0 });
  return { stream, breakOff, abandon: close };
}
