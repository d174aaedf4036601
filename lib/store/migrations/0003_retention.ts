import type { DatabaseSync } from "node:sqlite";

/**
 * What is needed to let go of old jobs: how many bytes each keeps on the disk, and whose files are still to be removed.
 *
 * A job's row and its files cannot go in one step. Its id is put into `leftovers` by the commit that removes the row and
 * taken out when the files are gone, so that a crash in between leaves none behind.
 */
export function retention(db: DatabaseSync): void {
  db.exec(`
    ALTER TABLE jobs ADD COLUMN output_bytes INTEGER NOT NULL DEFAULT 0;
    UPDATE jobs SET output_bytes = (
      SELECT json_extract(d.doc, '$.stdoutBytes') + json_extract(d.doc, '$.stderrBytes')
             + coalesce(length(CAST(json_extract(d.doc, '$.spec.stdin') AS BLOB)), 0)
      FROM job_docs AS d WHERE d.id = jobs.id
    ) WHERE has_result = 1;
    CREATE INDEX jobs_with_output ON jobs (ended, id) WHERE output_bytes > 0;
    INSERT INTO counters SELECT 'output_bytes', coalesce(sum(output_bytes), 0) FROM jobs;

    CREATE TABLE leftovers (job_id INTEGER PRIMARY KEY NOT NULL);
  `);
}
