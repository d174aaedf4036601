/**
 * The keys that were read last, on the thread that answers requests. It is never behind what was acknowledged: from the
 * moment at which a change of a key is handed to the writer until its answer is here, that key is read from the database.
 */

import type { Commit, Version } from "../services/ports/store.ts";

export interface CachedKey {
  version: Version;
  /** Milliseconds since the epoch; null: never. */
  expires: number | null;
  text: string;
}

/** At least so many are kept, at most twice as many; with values of the largest size that is some 20 MB. */
const CAPACITY = 8192;

export class KeyCache {
  /** Two generations, of which the older is dropped as a whole: cheaper than knowing which one was read longest ago. */
  #young = new Map<string, CachedKey>();
  #old = new Map<string, CachedKey>();
  /** Keys of which changes are under way, with how many. */
  #changing = new Map<string, number>();

  get(key: string): CachedKey | undefined {
    const found = this.#young.get(key);
    if (found !== undefined) return found;
    const older = this.#old.get(key);
    if (older !== undefined) this.#keep(key, older);
    return older;
  }

  /** Takes in what was just read from the database. */
  set(key: string, value: CachedKey): void {
    if (!this.#changing.has(key)) this.#keep(key, value);
  }

  /** A commit goes to the writer. */
  begin({ changes }: Commit): void {
    for (const { kind, id } of changes) {
      if (kind !== "key") continue;
      this.#young.delete(id);
      this.#old.delete(id);
      this.#changing.set(id, (this.#changing.get(id) ?? 0) + 1);
    }
  }

  /** Its answer is here. */
  end({ changes }: Commit): void {
    for (const { kind, id } of changes) {
      if (kind !== "key") continue;
      const left = this.#changing.get(id)! - 1;
      if (left === 0) this.#changing.delete(id);
      else this.#changing.set(id, left);
    }
  }

  #keep(key: string, value: CachedKey): void {
    this.#young.set(key, value);
    if (this.#young.size < CAPACITY) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
