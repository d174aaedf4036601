/**
 * The keys that were read or written last, on the thread that answers requests. It is never behind what was acknowledged:
 * from the moment at which a change of a key is handed to the writer's thread until its answer is here, that key is read
 * from the database.
 */

import type { FeedEntry, Version } from "../services/ports/store.ts";

/** Whatever is stored is valid; a byte order mark is part of it. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** A key as one change left it. */
export class HeldKey {
  #text: string | undefined;

  /** `expires`: milliseconds since the epoch; null: never. `value`: null when it was removed. */
  constructor(
    readonly key: string,
    readonly version: Version,
    readonly expires: number | null,
    readonly value: Uint8Array | null,
  ) {}

  /** Empty when it was removed. */
  get text(): string {
    return this.#text ??= this.value === null ? "" : utf8.decode(this.value);
  }

  isLive(now: number): boolean {
    return this.value !== null && (this.expires === null || this.expires > now);
  }

  entry(): FeedEntry {
    const { key, version, expires, value } = this;
    return { version, kind: "key", id: key, value: value === null ? null : { key, value, expires } };
  }
}

/** At least so many are kept, at most twice as many; with values of the largest size that is some 64 MB. */
const CAPACITY = 16_384;

export class KeyCache {
  /** Two generations, of which the older is dropped as a whole: cheaper than knowing which one was read longest ago. */
  #young = new Map<string, HeldKey>();
  #old = new Map<string, HeldKey>();
  /** Keys of which changes are under way, with how many. */
  #changing = new Map<string, number>();

  get(key: string): HeldKey | undefined {
    const found = this.#young.get(key);
    if (found !== undefined) return found;
    const older = this.#old.get(key);
    if (older !== undefined) this.#keep(older);
    return older;
  }

  /** Takes in what is in the database. */
  set(held: HeldKey): void {
    if (held.value === null) this.#forget(held.key);
    else if (!this.#changing.has(held.key)) this.#keep(held);
  }

  /** Changes of keys go to the writer's thread. */
  begin(keys: string[]): void {
    for (const key of keys) {
      this.#forget(key);
      this.#changing.set(key, (this.#changing.get(key) ?? 0) + 1);
    }
  }

  /** Their answer is here. */
  end(keys: string[]): void {
    for (const key of keys) {
      const left = this.#changing.get(key)! - 1;
      if (left === 0) this.#changing.delete(key);
      else this.#changing.set(key, left);
    }
  }

  #forget(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  #keep(held: HeldKey): void {
    this.#young.set(held.key, held);
    if (this.#young.size < CAPACITY) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
