/** Which database it is, and how far. */

import type { DatabaseSync } from "node:sqlite";
import type { Version } from "../services/ports/store.ts";

/** Given once, when it was made. */
export function identityOf(db: DatabaseSync): string {
  return (db.prepare("SELECT id FROM identity").get() as { id: string }).id;
}

/** The version of the last change: the newest row of the feed, unless a loss was accepted after it. */
export function versionOf(db: DatabaseSync): Version {
  const row = db.prepare(`
    SELECT max(coalesce((SELECT max(version) FROM changes), 0),
               coalesce((SELECT n FROM counters WHERE name = 'version_floor'), 0)) AS version`).get();
  return (row as { version: number }).version;
}

/**
 * Goes on after a loss: versions that were given out before it are not given out again, and whoever follows the
 * changes is told that some are gone.
 */
export function continueAfter(db: DatabaseSync, version: Version): void {
  db.exec("BEGIN IMMEDIATE");
  db.exec("DELETE FROM changes");
  db.prepare("INSERT INTO counters VALUES ('version_floor', ?) ON CONFLICT DO UPDATE SET n = max(n, excluded.n)")
    .run(version);
  db.exec("COMMIT");
}
