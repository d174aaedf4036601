/**
 * Merges the segments of the full-text indexes, in steps between commits.
 *
 * Every commit leaves a small segment, and a search has to look into each. Left to itself, FTS5 merges as it goes: little
 * by little, but never stopping within the entries of one term. In a history of a million jobs a common trigram has a
 * million entries, and to merge those of two large segments held up a commit for a second. So only what is small is merged
 * at once; larger segments are left side by side until nobody has written anything for a while.
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Steps } from "./output_index.ts";
import type { Writer } from "./writer.ts";
import { type Level, levelToMerge, readStructure } from "./text_structure.ts";

const TEXT_INDEXES = ["job_text", "output_text"] as const;
type TextIndex = typeof TEXT_INDEXES[number];

/** Commits after which the indexes are looked at: about as many small segments lie about at most. */
const EVERY = 32;
/** Segments in a level that are worth a merge; `usermerge` of the indexes. */
const LEAST = 8;
/** Pages of 4 KiB in a level that is merged at once: about 100,000 jobs; its largest step takes some tens of milliseconds. */
const SMALL = 8192;
/** Pages written by one merge, if no term has more. */
const STEP = 64;
/** How long one step of small merges may take before the last merge in it begins; milliseconds. */
const MOMENT = 4;
/** With so many of its rows removed, a level is written anew. */
const REMOVED = 0.1;

interface Index {
  name: TextIndex;
  structure: StatementSync;
  merge: StatementSync;
}

export class TextMerges {
  readonly #indexes: Index[];
  #writes = 0;

  constructor(db: DatabaseSync, readonly writer: Pick<Writer, "transaction">, readonly smallPages = SMALL) {
    this.#indexes = TEXT_INDEXES.map((name) => ({
      name,
      structure: db.prepare(`SELECT block FROM ${name}_data WHERE id = 10`),
      merge: db.prepare(`INSERT INTO ${name} (${name}, rank) VALUES ('merge', CAST(? AS INTEGER))`),
    }));
  }

  /** Something was written; answers whether it is time for {@link small}. */
  wrote(commits: number): boolean {
    this.#writes += commits;
    if (this.#writes < EVERY) return false;
    this.#writes = 0;
    return true;
  }

  /** Merges what is small. */
  *small(): Steps {
    for (const index of this.#indexes) {
      while (this.#smallLevel(index.name)) {
        this.writer.transaction(() => this.#mergeSmall(index));
        yield;
      }
    }
  }

  /**
   * Merges for a moment. A merge that is told to write more pages than there are to write goes on with another level,
   * large or not; so it is told few, again and again.
   */
  #mergeSmall({ name, merge }: Index): void {
    const end = performance.now() + MOMENT;
    for (let level = this.#smallLevel(name); level && performance.now() < end; level = this.#smallLevel(name)) {
      merge.run(String(Math.min(STEP, Math.max(1, Math.floor(level.pages / 16)))));
    }
  }

  #smallLevel(name: TextIndex): Level | undefined {
    const level = levelToMerge(this.levels(name), LEAST);
    return level && level.pages <= this.smallPages ? level : undefined;
  }

  /** One step of merging what is not, for when nobody waits. */
  *large(): Steps {
    const index = this.#largeIndex();
    if (!index) return;
    this.writer.transaction(() => index.merge.run(String(STEP)));
    yield;
  }

  /** Whether there is something for {@link large}. */
  get hasLarge(): boolean {
    return this.#largeIndex() !== undefined;
  }

  levels(name: TextIndex): Level[] {
    const index = this.#indexes.find((each) => each.name === name)!;
    const row = index.structure.get() as { block: Uint8Array } | undefined;
    return row ? readStructure(row.block) : [];
  }

  #largeIndex(): Index | undefined {
    return this.#indexes.find(({ name }) => {
      const levels = this.levels(name);
      return levelToMerge(levels, LEAST) !== undefined ||
        levels.some(({ rows, removed }) => removed > 0 && removed >= rows * REMOVED);
    });
  }
}
