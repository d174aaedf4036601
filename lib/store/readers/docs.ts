/** Rows that hold a subject as JSON beside its id, its version and its checksum. */

import type { Versioned } from "../../services/ports/store.ts";
import { type DocKind, docSum } from "../checksum.ts";
import { rowDamaged } from "../errors.ts";

interface Row {
  id: string | number;
  version: number;
  doc: string;
  sum: number;
}

/**
 * @throws {Problem} `storage_failed` when the row is not as it was written.
 */
export function one<T>(kind: DocKind, row: unknown): Versioned<T> | undefined {
  return row === undefined ? undefined : versioned(kind, row as Row);
}

/** Like {@link one}, for each of them. */
export function all<T>(kind: DocKind, rows: unknown[]): Versioned<T>[] {
  return (rows as Row[]).map((row) => versioned(kind, row));
}

/** Whether a row is as it was written. */
export function isSound(kind: DocKind, { id, version, doc, sum }: Row): boolean {
  return docSum(kind, id, version, doc) === sum;
}

/** Reads all rows of a kind after an id, in the order of the ids, with all that {@link isSound} needs. */
export function docRows(kind: DocKind): { sql: string; first: string | number } {
  switch (kind) {
    case "job":
      return {
        sql: "SELECT d.id, j.version, d.doc, d.sum FROM job_docs AS d JOIN jobs AS j ON j.id = d.id " +
          "WHERE d.id > ? ORDER BY d.id",
        first: -1,
      };
    case "worker":
      return { sql: "SELECT id, version, doc, sum FROM workers WHERE id > ? ORDER BY id", first: "" };
    case "file":
      return { sql: "SELECT name AS id, version, doc, sum FROM files WHERE name > ? ORDER BY name", first: "" };
    case "queue":
      return { sql: "SELECT name AS id, version, doc, sum FROM queues WHERE name > ? ORDER BY name", first: "" };
    case "upload":
      return { sql: "SELECT id, version, doc, sum FROM uploads WHERE id > ? ORDER BY id", first: "" };
  }
}

function versioned<T>(kind: DocKind, row: Row): Versioned<T> {
  if (!isSound(kind, row)) throw rowDamaged(kind, row.id);
  return { value: JSON.parse(row.doc), version: row.version };
}
