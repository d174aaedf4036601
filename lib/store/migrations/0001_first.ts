import type { DatabaseSync } from "node:sqlite";

/**
 * Keys, jobs, workers, files, the change feed and the two full-text indexes.
 *
 * `jobs` holds only what lists filter and sort by, so that walking a long history touches few pages; the job itself
 * lies in `job_docs`. `created_max` is the latest creation time up to that id: it rises with the id even when the
 * clock was set back, which lets a range of time be looked up as a range of ids.
 */
export function first(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE keys (
      key TEXT PRIMARY KEY NOT NULL,
      version INTEGER NOT NULL,
      expires INTEGER,
      value BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX keys_by_expiry ON keys (expires) WHERE expires IS NOT NULL;

    CREATE TABLE jobs (
      id INTEGER PRIMARY KEY NOT NULL,
      version INTEGER NOT NULL,
      state TEXT NOT NULL,
      active INTEGER NOT NULL,
      priority INTEGER NOT NULL,
      created INTEGER NOT NULL,
      created_max INTEGER NOT NULL,
      ended INTEGER,
      duration REAL,
      exit_code INTEGER,
      has_result INTEGER NOT NULL,
      idempotency_key TEXT
    );
    CREATE INDEX jobs_queue ON jobs (priority DESC, id) WHERE state = 'queued';
    CREATE INDEX jobs_active ON jobs (id) WHERE active = 1;
    CREATE INDEX jobs_by_state ON jobs (state, id);
    CREATE INDEX jobs_by_exit_code ON jobs (exit_code, id) WHERE exit_code IS NOT NULL;
    CREATE INDEX jobs_by_duration ON jobs (duration, id) WHERE duration IS NOT NULL;
    CREATE INDEX jobs_by_end ON jobs (ended, id) WHERE ended IS NOT NULL;
    CREATE INDEX jobs_by_created_max ON jobs (created_max, id);
    CREATE UNIQUE INDEX jobs_by_idempotency_key ON jobs (idempotency_key) WHERE idempotency_key IS NOT NULL;

    CREATE TABLE job_docs (
      id INTEGER PRIMARY KEY NOT NULL,
      folded TEXT NOT NULL,
      doc TEXT NOT NULL
    );
    CREATE TABLE job_labels (
      key TEXT NOT NULL,
      value TEXT NOT NULL,
      id INTEGER NOT NULL,
      PRIMARY KEY (key, value, id)
    ) WITHOUT ROWID;
    CREATE VIRTUAL TABLE job_text USING fts5 (
      text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
    );

    -- The row of a chunk is job id * 65536 + its number.
    CREATE TABLE output_chunks (id INTEGER PRIMARY KEY NOT NULL, text TEXT NOT NULL);
    CREATE VIRTUAL TABLE output_text USING fts5 (
      text, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
    );
    -- Outputs whose chunks are to be removed: it is done in steps, and taken up again after a restart.
    CREATE TABLE output_garbage (job_id INTEGER PRIMARY KEY NOT NULL);

    CREATE TABLE workers (
      id TEXT PRIMARY KEY NOT NULL,
      version INTEGER NOT NULL,
      active INTEGER NOT NULL,
      ended INTEGER,
      doc TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX workers_active ON workers (id) WHERE active = 1;
    CREATE INDEX workers_by_end ON workers (ended) WHERE ended IS NOT NULL;

    CREATE TABLE files (
      name TEXT PRIMARY KEY NOT NULL,
      version INTEGER NOT NULL,
      doc TEXT NOT NULL
    ) WITHOUT ROWID;

    -- The feed. The newest row is never removed: its version is the store's.
    CREATE TABLE changes (
      version INTEGER PRIMARY KEY NOT NULL,
      kind TEXT NOT NULL,
      id,
      expires INTEGER,
      body
    );

    -- Sums kept up with every commit, so that nothing has to be counted: 'keys', 'job:queued', …, 'last_job_id',
    -- and 'clock_setback', by how much a job's creation time was ever earlier than one before it.
    CREATE TABLE counters (name TEXT PRIMARY KEY NOT NULL, n INTEGER NOT NULL) WITHOUT ROWID;
  `);
}
