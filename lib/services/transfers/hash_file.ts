/** Digests of what lies in a file, at constant memory. */

import { createHash, type Hash } from "node:crypto";

/** How much is read at once: few enough that nobody waits long for the processor meanwhile. */
const PIECE = 256 * 1024;

/**
 * Feeds the next `bytes` of an open file into hashes; answers how many there were. `pass` is called before each piece,
 * and may wait or throw.
 */
export async function addBytes(
  file: Deno.FsFile,
  bytes: number,
  hashes: readonly Hash[],
  pass: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const piece = new Uint8Array(Math.min(PIECE, bytes));
  let done = 0;
  while (done < bytes) {
    await pass();
    const count = await file.read(piece.subarray(0, Math.min(piece.length, bytes - done)));
    if (count === null) break;
    for (const hash of hashes) hash.update(piece.subarray(0, count));
    done += count;
  }
  return done;
}

/** SHA-256, in hexadecimal, of the first `bytes` of a file, or of as many as there are. */
export async function sha256OfFirst(path: string, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  await addBytes(file, bytes, [hash]);
  return hash.digest("hex");
}
