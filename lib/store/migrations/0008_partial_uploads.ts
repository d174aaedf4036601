import type { DatabaseSync } from "node:sqlite";

/** Uploads that may be gone on with; `touched` orders them for being forgotten, `created` for being listed. */
export function partialUploads(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE uploads (
      id TEXT PRIMARY KEY NOT NULL,
      version INTEGER NOT NULL,
      name TEXT NOT NULL,
      created INTEGER NOT NULL,
      touched INTEGER NOT NULL,
      doc TEXT NOT NULL,
      sum INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE INDEX uploads_created ON uploads (created, id);
    CREATE INDEX uploads_by_name ON uploads (name, created, id);
    CREATE INDEX uploads_touched ON uploads (touched);
  `);
}
