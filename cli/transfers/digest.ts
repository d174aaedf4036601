/** SHA-256 of files, and of what is being transferred. */

import { createHash } from "node:crypto";

/** Takes bytes and gives their SHA-256 in hexadecimal. */
export class Sha256 {
  readonly #hash = createHash("sha256");

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** What it is by now; more may follow. */
  hexSoFar(): string {
    return this.#hash.copy().digest("hex");
  }

  hex(): string {
    return this.#hash.digest("hex");
  }
}

/** Feeds a file, or its first `bytes`, into `sum`. */
export async function addFile(sum: Sha256, path: string, bytes = Infinity): Promise<void> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(256 * 1024);
  let left = bytes;
  while (left > 0) {
    const count = await file.read(buffer.subarray(0, Math.min(buffer.length, left)));
    if (count === null) return;
    sum.add(buffer.subarray(0, count));
    left -= count;
  }
}

export async function sha256Of(path: string): Promise<string> {
  const sum = new Sha256();
  await addFile(sum, path);
  return sum.hex();
}

/** The SHA-256 in a `Repr-Digest` field (RFC 9530), in hexadecimal; nothing when it has none. */
export function sha256In(field: string | null): string | undefined {
  const base64 = /\bsha-256=:([A-Za-z0-9+/=]+):/.exec(field ?? "")?.[1];
  if (base64 === undefined) return undefined;
  return [...atob(base64)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}
