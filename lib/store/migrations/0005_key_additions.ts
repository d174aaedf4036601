import type { DatabaseSync } from "node:sqlite";

/** Additions to keys that came with a name by which their repetition is known; the oldest are removed as new ones come. */
export function keyAdditions(db: DatabaseSync): void {
  db.exec(`
    CREATE TABLE key_additions (
      id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
      once TEXT NOT NULL UNIQUE,
      key TEXT NOT NULL,
      amount INTEGER NOT NULL,
      sum INTEGER NOT NULL,
      version INTEGER NOT NULL,
      existed INTEGER NOT NULL
    );
  `);
}
