import type { DatabaseSync } from "node:sqlite";
import { docSum, keySum } from "../checksum.ts";

/** Rows read at a time: a long history is not to be held in memory. */
const PAGE = 1000;

/**
 * A checksum for each key, job, worker and file, those that are there included, and the identity by which a database
 * and the marker beside it know each other.
 */
export function sums(db: DatabaseSync): void {
  db.exec(`
    ALTER TABLE keys ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job_docs ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE workers ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE files ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE identity (id TEXT NOT NULL);
  `);
  db.prepare("INSERT INTO identity VALUES (?)").run(crypto.randomUUID());
  type Doc<Id> = { id: Id; version: number; doc: string };
  const docs = {
    job: "SELECT d.id, j.version, d.doc FROM job_docs AS d JOIN jobs AS j ON j.id = d.id WHERE d.id > ? ORDER BY d.id",
    worker: "SELECT id, version, doc FROM workers WHERE id > ? ORDER BY id",
    file: "SELECT name AS id, version, doc FROM files WHERE name > ? ORDER BY name",
  };
  fill<{ id: string; version: number; expires: number | null; value: Uint8Array }>(
    db,
    "SELECT key AS id, version, expires, value FROM keys WHERE key > ? ORDER BY key",
    "UPDATE keys SET sum = ? WHERE key = ?",
    "",
    ({ id, version, expires, value }) => keySum(id, version, expires, value),
  );
  fill<Doc<number>>(
    db,
    docs.job,
    "UPDATE job_docs SET sum = ? WHERE id = ?",
    -1,
    (row) => docSum("job", row.id, row.version, row.doc),
  );
  fill<Doc<string>>(
    db,
    docs.worker,
    "UPDATE workers SET sum = ? WHERE id = ?",
    "",
    (row) => docSum("worker", row.id, row.version, row.doc),
  );
  fill<Doc<string>>(
    db,
    docs.file,
    "UPDATE files SET sum = ? WHERE name = ?",
    "",
    (row) => docSum("file", row.id, row.version, row.doc),
  );
}

function fill<Row extends { id: string | number }>(
  db: DatabaseSync,
  read: string,
  write: string,
  first: Row["id"],
  sum: (row: Row) => number,
): void {
  const page = db.prepare(`${read} LIMIT ${PAGE}`);
  const update = db.prepare(write);
  for (let after = first;;) {
    const rows = page.all(after) as unknown as Row[];
    for (const row of rows) update.run(sum(row), row.id);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
  }
}
