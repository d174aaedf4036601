import type { DatabaseSync } from "node:sqlite";

/**
 * Makes words of one and two letters findable in the trigram indexes. Their texts get an ending of two line breaks, which
 * no word holds, so that every letter, and every two, begin a trigram; the vocabulary tells which trigrams there are.
 */
export function shortWords(db: DatabaseSync): void {
  db.exec(`
    INSERT INTO job_text (job_text) VALUES ('delete-all');
    INSERT INTO job_text (rowid, text) SELECT id, folded || char(10, 10) FROM job_docs;
    CREATE VIRTUAL TABLE job_terms USING fts5vocab (job_text, row);

    INSERT INTO output_text (output_text) VALUES ('delete-all');
    INSERT INTO output_text (rowid, text) SELECT id, text || char(10, 10) FROM output_chunks;
    CREATE VIRTUAL TABLE output_terms USING fts5vocab (output_text, row);
  `);
}
