/** Bringing a body to disk. */

import type { BodyDeadline } from "../../body_deadline.ts";
import { createHash } from "node:crypto";
import { FileWriter } from "./file_writer.ts";
import type { Transfer } from "./transfer.ts";

/** What was received, durably on disk. */
export interface Received {
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
  /** Modification time in milliseconds. */
  mtime: number;
}

/**
 * Writes a body to a new file, one piece at a time; the next is read when the last was taken and no pause lasts.
 * Cancels the body when it fails. A pause is nobody's dawdling: `deadline` does not count it.
 * @throws what the transfer was stopped with, what the body failed with, or the file system's error.
 */
export async function receive(
  body: ReadableStream<Uint8Array>,
  path: string,
  transfer: Transfer,
  deadline?: BodyDeadline,
): Promise<Received> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  const writer = new FileWriter(file);
  const hash = createHash("sha256");
  const reader = body.getReader();
  try {
    for (;;) {
      await transfer.pass();
      const { done, value } = await transfer.until(
        deadline?.within(reader.read(), () => transfer.held) ?? reader.read(),
      );
      // What was under way when the pause began waits for its end, so that nothing moves meanwhile.
      await transfer.pass();
      if (done) break;
      await writer.write(value);
      hash.update(value);
      transfer.moved(value.length);
    }
  } catch (error) {
    reader.cancel(error).catch(() => {/* It failed already; that error is the one that counts. */});
    throw error;
  }
  await writer.finish();
  const { mtime } = await file.stat();
  return { bytes: transfer.bytes(), sha256: hash.digest("hex"), mtime: mtime?.getTime() ?? 0 };
}
