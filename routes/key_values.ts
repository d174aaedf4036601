/** What may be kept under a key, and what is said of one that is not there. */

import { Problem } from "../lib/domain/errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Whether the bytes are UTF-8 from the first to the last. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return isWellFormed(bytes);
  return true;
}

function isWellFormed(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    // The decoder has no other way of saying so.
    return false;
  }
}

export function noSuchKey(key: string): Problem {
  return new Problem("not_found", missing(key));
}

export function missing(key: string): string {
  return `There is no key ${key}.`;
}
