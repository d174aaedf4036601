import type { DatabaseSync } from "node:sqlite";

/**
 * Named queues, and what jobs in them wait for.
 *
 * `queue` is NULL for a job in a worker slot. `ready`: it is queued and waits for nothing but its turn; the order of
 * `jobs_ready` is the one in which each queue's jobs start. `due`: the time that it waits for. `job_waits` has a row for
 * each job (`id`) that waits for the end of another (`dep`).
 */
export function queues(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE queues (
      name TEXT PRIMARY KEY NOT NULL,
      version INTEGER NOT NULL,
      doc TEXT NOT NULL,
      sum INTEGER NOT NULL
    ) WITHOUT ROWID;

    ALTER TABLE jobs ADD COLUMN queue TEXT DEFAULT 'default';
    ALTER TABLE jobs ADD COLUMN ready INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE jobs ADD COLUMN due INTEGER;
    UPDATE jobs SET queue = NULL WHERE id IN (
      SELECT id FROM job_docs WHERE doc LIKE '%"workerId":%' AND json_extract(doc, '$.workerId') IS NOT NULL
    );
    UPDATE jobs SET ready = 1 WHERE state = 'queued';

    DROP INDEX jobs_queue;
    CREATE INDEX jobs_ready ON jobs (queue, priority DESC, id) WHERE ready = 1;
    CREATE INDEX jobs_due ON jobs (due, id) WHERE due IS NOT NULL;
    CREATE INDEX jobs_open ON jobs (queue) WHERE ended IS NULL;
    CREATE INDEX jobs_by_queue ON jobs (queue, id);

    CREATE TABLE job_waits (
      dep INTEGER NOT NULL,
      id INTEGER NOT NULL,
      PRIMARY KEY (dep, id)
    ) WITHOUT ROWID;
  `);
}
