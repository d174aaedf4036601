import type { DatabaseSync } from "node:sqlite";

/** Has the full-text indexes leave their merging to us; see `writer/text_merges.ts`. */
export function merges(db: DatabaseSync): void {
  for (const index of ["job_text", "output_text"]) {
    db.exec(`
      INSERT INTO ${index} (${index}, rank) VALUES ('automerge', 0);
      INSERT INTO ${index} (${index}, rank) VALUES ('crisismerge', 1999);
      INSERT INTO ${index} (${index}, rank) VALUES ('usermerge', 8);
    `);
  }
}
