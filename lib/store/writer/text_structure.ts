/**
 * How a full-text index is made up: segments in levels, each level's larger than those of the one before. As FTS5 keeps it
 * in the row with id 10 of the table `…_data` (https://www.sqlite.org/fts5.html, and the comments in fts5_index.c).
 */

export interface Level {
  /** Segments that are being merged by steps; 0 when none are. */
  merging: number;
  segments: number;
  /** Pages of all its segments. */
  pages: number;
  /** Rows of all its segments, and how many of them were removed since. */
  rows: number;
  removed: number;
}

/** What stands behind the first four bytes where rows can be removed by their id alone. */
const VERSION_2 = 0xff000001;

export function readStructure(block: Uint8Array): Level[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const second = block.length >= 8 && view.getUint32(4) === VERSION_2;
  const next = numbers(block, second ? 8 : 4);
  const levels = next();
  next(); // All segments.
  next(); // A counter of writes.
  return Array.from({ length: levels }, () => {
    const level: Level = { merging: next(), segments: next(), pages: 0, rows: 0, removed: 0 };
    for (let i = 0; i < level.segments; i++) {
      next(); // Its id.
      const first = next();
      level.pages += next() - first + 1;
      if (!second) continue;
      for (let skipped = 0; skipped < 3; skipped++) next(); // Where it comes from, and pages of removals.
      level.removed += next();
      level.rows += next();
    }
    return level;
  });
}

/**
 * The level that a merge would take on, as FTS5 chooses it: one that is being merged, or that with the most segments, if
 * these are at least `least`.
 */
export function levelToMerge(levels: Level[], least: number): Level | undefined {
  let best: Level | undefined;
  let most = 0;
  for (const level of levels) {
    if (level.merging > 0) {
      if (level.merging > most) [best, most] = [level, Math.max(level.merging, least)];
      break;
    }
    if (level.segments > most) [best, most] = [level, level.segments];
  }
  return most >= least ? best : undefined;
}

/** SQLite's numbers of one to nine bytes, most significant first, seven bits in each but the ninth. */
function numbers(bytes: Uint8Array, at: number): () => number {
  return () => {
    let value = 0;
    for (let i = 0; i < 8; i++) {
      const byte = bytes[at++] ?? 0;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    return value * 256 + (bytes[at++] ?? 0);
  };
}
