/** Bringing a body to disk. */

import type { BodyDeadline } from "../../body_deadline.ts";
import type { Buffer } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import type { DigestAlgorithm } from "../../domain/digest_field.ts";
import { Problem } from "../../domain/errors.ts";
import { FileWriter } from "./file_writer.ts";
import { addBytes } from "./hash_file.ts";
import type { Transfer } from "./transfer.ts";

/** What was received, durably on disk. */
export interface Received {
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
  /** Of the whole, for each algorithm that was asked for. */
  digests: Map<DigestAlgorithm, Buffer>;
  /** Modification time in milliseconds. */
  mtime: number;
}

export interface Receiving {
  /** Where to put it. */
  path: string;
  /** How long the next piece may be waited for. A pause is nobody's dawdling: that is not counted. */
  deadline?: BodyDeadline;
  /** What has arrived may be gone on with: when it fails, that is on disk. */
  resumable?: {
    /** Bytes that are there already. They are read first, since the digests are of the whole. */
    from: number;
    /** The most bytes that the whole may have. */
    most: number;
    algorithms: DigestAlgorithm[];
  };
}

/**
 * Writes a body to a file, one piece at a time; the next is read when the last was taken and no pause lasts. The file is
 * a new one, or goes on after what is there already. Cancels the body when it fails.
 * @throws what the transfer was stopped with, what the body failed with, or the file system's error; `invalid_request`
 * when there is more than there may be.
 */
export async function receive(
  body: ReadableStream<Uint8Array>,
  transfer: Transfer,
  { path, deadline, resumable }: Receiving,
): Promise<Received> {
  using file = await Deno.open(path, { read: true, write: true, createNew: !resumable, create: true, mode: 0o600 });
  const writer = new FileWriter(file);
  const hashes = new Map<DigestAlgorithm, Hash>();
  for (const algorithm of new Set<DigestAlgorithm>(["sha-256", ...resumable?.algorithms ?? []])) {
    hashes.set(algorithm, createHash(algorithm.replace("-", "")));
  }
  if (resumable) await takeUp(file, resumable.from, transfer, hashes.values());
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
      if (resumable && transfer.bytes() + value.length > resumable.most) throw tooLong(resumable.most);
      await writer.write(value);
      for (const hash of hashes.values()) hash.update(value);
      transfer.moved(value.length);
    }
  } catch (error) {
    reader.cancel(error).catch(() => {/* It failed already; that error is the one that counts. */});
    // On a full disk there is no room for the last of it: what is in the file counts, and the first error.
    if (resumable) await writer.finish().catch(() => {});
    throw error;
  }
  await writer.finish();
  const { mtime } = await file.stat();
  const digests = new Map([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest()]));
  const sha256 = digests.get("sha-256")!.toString("hex");
  return { bytes: transfer.bytes(), sha256, digests, mtime: mtime?.getTime() ?? 0 };
}

/** Reads what is there already, and leaves the file where the rest goes. */
async function takeUp(file: Deno.FsFile, from: number, transfer: Transfer, hashes: Iterable<Hash>): Promise<void> {
  const all = [...hashes];
  const count = await addBytes(file, from, all, () => transfer.pass());
  if (count < from) throw new Error(`Only ${count} of the ${from} bytes that had arrived are still there.`);
  await file.seek(from, Deno.SeekMode.Start);
}

function tooLong(most: number): Problem {
  return new Problem(
    "invalid_request",
    `More came than the ${most} bytes that were announced as the whole; nothing was kept. Send it again.`,
  );
}
