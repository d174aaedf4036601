import type { DatabaseSync } from "node:sqlite";

/**
 * Has the full-text indexes leave their merging to us; see `writer/text_merges.ts`. Where writes outrun that, FTS5 merges a level
 * by itself once it has 256 segments: there is room for 2000 in all, and a write that finds none is refused as if the disk
 * were full.
 */
export function merges(db: DatabaseSync): void {
  for (const index of ["job_text", "output_text"]) {
    db.exec(`
      INSERT INTO ${index} (${index}, rank) VALUES ('automerge', 0);
      INSERT INTO ${index} (${index}, rank) VALUES ('crisismerge', 256);
      INSERT INTO ${index} (${index}, rank) VALUES ('usermerge', 8);
    `);
  }
}
