/**
 * What the journal has and the database does not have yet: what readers have to see beside the database, and what is to
 * be applied to it.
 */

import type { FeedEntry, Version } from "../../services/ports/store.ts";
import { HeldKey } from "../key_cache.ts";
import { ROOM } from "./journal.ts";

/** So many changes are worth a transaction. */
const MUCH = 2048;

/** Groups that were synced together; `padded`: what they take up in the journal. */
interface Piece {
  last: Version;
  bytes: Uint8Array;
  padded: number;
}

export class Unapplied {
  readonly #keys = new Map<string, HeldKey>();
  #held: HeldKey[] = [];
  #pieces: Piece[] = [];
  #padded = 0;

  /** How many changes there are. */
  get size(): number {
    return this.#held.length;
  }

  /** The version of the first of them. */
  get first(): Version | undefined {
    return this.#held[0]?.version;
  }

  /** Whether there is enough to be worth a transaction: the fewer those are, the fewer pages are written again and again. */
  get isMuch(): boolean {
    return this.#held.length >= MUCH || this.#padded >= ROOM / 2;
  }

  /** Whether the journal has room for another group. */
  get hasRoom(): boolean {
    return this.#padded < ROOM;
  }

  /** What the latest of these changes left of a key; undefined when none of them is about it. */
  get(key: string): HeldKey | undefined {
    return this.#keys.get(key);
  }

  /** A group is on disk. `bytes` are copied. */
  add(changes: HeldKey[], bytes: Uint8Array, padded: number): void {
    for (const change of changes) {
      this.#keys.set(change.key, change);
      this.#held.push(change);
    }
    this.#pieces.push({ last: changes.at(-1)!.version, bytes: bytes.slice(), padded });
    this.#padded += padded;
  }

  /** All the groups, as the writer's thread takes them. */
  bytes(): Uint8Array {
    const all = new Uint8Array(this.#pieces.reduce((sum, { bytes }) => sum + bytes.length, 0));
    let at = 0;
    for (const { bytes } of this.#pieces) {
      all.set(bytes, at);
      at += bytes.length;
    }
    return all;
  }

  /** The database has everything up to `version`: gives back what was dropped of each key that has not changed since. */
  applied(version: Version, drop: (key: HeldKey) => void): void {
    const pieces = this.#pieces.findIndex(({ last }) => last > version);
    for (const { padded } of this.#pieces.splice(0, pieces === -1 ? Infinity : pieces)) this.#padded -= padded;
    const first = this.#held[0]?.version;
    if (first === undefined) return;
    for (const held of this.#held.splice(0, Math.max(0, version - first + 1))) {
      if (this.#keys.get(held.key) !== held) continue;
      this.#keys.delete(held.key);
      drop(held);
    }
  }

  /** The feed's entries after `version`, at most `limit`; undefined when that is too far back to be known here. */
  after(version: Version, limit: number): FeedEntry[] | undefined {
    const first = this.#held[0]?.version;
    if (first === undefined || version < first - 1) return undefined;
    const from = version - first + 1;
    return this.#held.slice(from, from + limit).map((held) => held.entry());
  }
}
