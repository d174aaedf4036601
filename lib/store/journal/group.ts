/**
 * How changes of keys stand in the journal: in groups, each of which was put on disk at once. A group begins at a sector of
 * its own, so that writing the next one never touches it, and carries a checksum, so that one that was torn is none.
 */

import { crc32 } from "node:zlib";
import type { Version } from "../../services/ports/store.ts";

/** The smallest piece that a disk writes as a whole; bytes. */
export const SECTOR = 512;
/** At most so many changes are in a group. */
export const MAX_CHANGES = 256;
/** Before the changes: magic number, checksum of what follows it, length, changes, first version, serial, identity. */
const HEAD = 40;
/** Before each key and value: flags, length of the key, length of the value, expiry. */
const CHANGE_HEAD = 14;
/** Room for a group of the longest keys and values that the contract allows. */
export const MAX_BYTES = HEAD + MAX_CHANGES * (CHANGE_HEAD + 255 + 1024) + SECTOR;

const MAGIC = 0x4a4e5453;
const PUT = 1;
const NEW = 2;

/** One change, the next version after the one before it. */
export interface Change {
  key: string;
  /** Null: the key was removed. */
  value: Uint8Array | null;
  /** Milliseconds since the epoch; null: never. */
  expires: number | null;
  /** There was no row of that key before. */
  isNew: boolean;
}

export interface Group {
  first: Version;
  count: number;
  /** Rises with each group that was ever tried to write, those that failed included. */
  serial: number;
  /** The whole of it, without what fills up its last sector. */
  bytes: Uint8Array;
}

const decoder = new TextDecoder();

/** A number that stands for a database's identity. */
export function identityNumber(identity: string): number {
  return crc32(identity);
}

/** Puts one group after the other together, in the same memory. */
export class GroupEncoder {
  readonly #bytes = new Uint8Array(MAX_BYTES);
  readonly #view = new DataView(this.#bytes.buffer);
  #size = HEAD;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  begin(): void {
    this.#size = HEAD;
    this.#count = 0;
  }

  /** The key is one of the contract's: letters and digits. */
  add({ key, value, expires, isNew }: Change): void {
    const bytes = this.#bytes;
    const view = this.#view;
    let at = this.#size;
    bytes[at] = (value === null ? 0 : PUT) | (isNew ? NEW : 0);
    bytes[at + 1] = key.length;
    view.setUint32(at + 2, value === null ? 0 : value.length);
    view.setFloat64(at + 6, expires ?? NaN);
    at += CHANGE_HEAD;
    for (let i = 0; i < key.length; i++) bytes[at + i] = key.charCodeAt(i);
    at += key.length;
    if (value !== null) {
      bytes.set(value, at);
      at += value.length;
    }
    this.#size = at;
    this.#count++;
  }

  /** What has been added, as it is to be written: valid until the next {@link GroupEncoder.begin}. */
  finish(first: Version, serial: number, identity: number): { group: Uint8Array; padded: Uint8Array } {
    const size = this.#size;
    const view = this.#view;
    view.setUint32(0, MAGIC);
    view.setUint32(8, size);
    view.setUint32(12, this.#count);
    view.setFloat64(16, first);
    view.setFloat64(24, serial);
    view.setUint32(32, identity);
    view.setUint32(36, 0);
    view.setUint32(4, crc32(this.#bytes.subarray(8, size)));
    const end = Math.ceil(size / SECTOR) * SECTOR;
    this.#bytes.fill(0, size, end);
    return { group: this.#bytes.subarray(0, size), padded: this.#bytes.subarray(0, end) };
  }
}

/** The group that begins there, if one does. */
export function groupAt(bytes: Uint8Array, at: number, identity: number): Group | undefined {
  if (bytes.length - at < HEAD) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  if (view.getUint32(0) !== MAGIC || view.getUint32(32) !== identity) return undefined;
  const size = view.getUint32(8);
  if (size < HEAD || size > Math.min(MAX_BYTES, bytes.length - at)) return undefined;
  const whole = bytes.subarray(at, at + size);
  if (crc32(whole.subarray(8)) !== view.getUint32(4)) return undefined;
  return { first: view.getFloat64(16), count: view.getUint32(12), serial: view.getFloat64(24), bytes: whole };
}

/** What is in a group, which is sound. */
export function changesOf({ bytes, count }: Group): Change[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const changes: Change[] = [];
  for (let i = 0, at = HEAD; i < count; i++) {
    const flags = bytes[at]!;
    const keyEnd = at + CHANGE_HEAD + bytes[at + 1]!;
    const end = keyEnd + view.getUint32(at + 2);
    const expires = view.getFloat64(at + 6);
    changes.push({
      key: decoder.decode(bytes.subarray(at + CHANGE_HEAD, keyEnd)),
      value: flags & PUT ? bytes.subarray(keyEnd, end) : null,
      expires: Number.isNaN(expires) ? null : expires,
      isNew: (flags & NEW) !== 0,
    });
    at = end;
  }
  return changes;
}

/** Groups that stand one behind the other, without what fills up sectors: as they go to the writer's thread. */
export function* groupsIn(bytes: Uint8Array, identity: number): Generator<Group> {
  for (let at = 0; at < bytes.length;) {
    const group = groupAt(bytes, at, identity);
    if (!group) throw new RangeError("There is no group of changes where one was expected.");
    yield group;
    at += group.bytes.length;
  }
}
