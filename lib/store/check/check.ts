/** Looking for damage in a whole database. */

import type { DatabaseSync } from "node:sqlite";
import { docRows, isSound as isSoundDoc } from "../readers/docs.ts";
import { isSound as isSoundKey } from "../readers/key_reader.ts";

/** Rows looked at in one read: a longer one would keep the write-ahead log from being taken in. */
const PAGE = 500;
/** More are not named. */
const NAMED = 10;

/** What is wrong with the pages and how they hang together. `thorough`: indexes are held against their tables as well. */
export function structureFaults(db: DatabaseSync, thorough: boolean): string[] {
  const rows = db.prepare(`PRAGMA ${thorough ? "integrity_check" : "quick_check"}(${NAMED})`).all();
  return rows.map((row) => String(Object.values(row)[0])).filter((said) => said !== "ok");
}

/** The rows that are not as they were written, `key a` or `job 7`, page by page; most pages have none. */
export function* unsoundRows(db: DatabaseSync): Generator<string[], void, void> {
  const kinds = [
    {
      kind: "key",
      sql: "SELECT key AS id, key, version, expires, value, sum FROM keys WHERE key > ? ORDER BY key",
      first: "",
      isSound: isSoundKey,
    },
    ...(["job", "worker", "file", "queue", "upload"] as const).map((kind) => ({
      kind,
      ...docRows(kind),
      isSound: (row: Parameters<typeof isSoundDoc>[1]) => isSoundDoc(kind, row),
    })),
  ];
  for (const { kind, sql, first, isSound } of kinds) {
    const page = db.prepare(`${sql} LIMIT ${PAGE}`);
    for (let after: string | number | undefined = first; after !== undefined;) {
      const rows = page.all(after) as { id: string | number }[];
      after = rows.at(-1)?.id;
      yield rows.filter((row) => !isSound(row as never)).map(({ id }) => `${kind} ${id}`);
    }
  }
}

/** Everything that is wrong, in words; empty when nothing is. Takes as long as it takes to read it all. */
export function allFaults(db: DatabaseSync): string[] {
  const faults = structureFaults(db, true);
  if (faults.length > 0) return faults;
  return [...unsoundRows(db)].flat().slice(0, NAMED).map((row) => `the checksum of ${row} does not match`);
}
