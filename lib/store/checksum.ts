/**
 * What each row carries so that a byte that turned over on the disk is noticed: CRC-32 (ISO 3309) over everything that
 * makes up the subject. It is no protection against malice.
 */

import { crc32 } from "node:zlib";
import type { Version } from "../services/ports/store.ts";

/** Of a key. `expires`: milliseconds since the epoch. */
export function keySum(key: string, version: Version, expires: number | null, value: Uint8Array): number {
  return crc32(value, crc32(`key ${key} ${version} ${expires}\n`));
}

/** What is kept as JSON. */
export type DocKind = "job" | "worker" | "file" | "queue" | "upload";

/** Of what is kept as JSON. */
export function docSum(kind: DocKind, id: string | number, version: Version, doc: string): number {
  return crc32(`${kind} ${id} ${version}\n${doc}`);
}
