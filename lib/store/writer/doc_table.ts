/** Tables of subjects that are kept as JSON, beside what finds them. */

import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Version } from "../../services/ports/store.ts";
import { type DocKind, docSum } from "../checksum.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

export interface DocLayout<Value> {
  kind: DocKind;
  table: string;
  /** The column of the id: the primary key. */
  id: string;
  /** What is kept in columns of its own as well, to be found by it. */
  columns?: Record<string, (value: Value) => SQLInputValue>;
}

export class DocTable<Value> implements SubjectTable<string, Value> {
  readonly #kind: DocKind;
  readonly #columns: ((value: Value) => SQLInputValue)[];
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync, { kind, table, id, columns = {} }: DocLayout<Value>) {
    const all = [id, "version", ...Object.keys(columns), "doc", "sum"];
    this.#kind = kind;
    this.#columns = Object.values(columns);
    this.#find = db.prepare(`SELECT version FROM ${table} WHERE ${id} = ?`);
    this.#put = db.prepare(
      `INSERT OR REPLACE INTO ${table} (${all.join(", ")}) VALUES (${all.map(() => "?").join(", ")})`,
    );
    this.#delete = db.prepare(`DELETE FROM ${table} WHERE ${id} = ?`);
  }

  find(id: string): Found | undefined {
    const row = this.#find.get(id) as { version: number } | undefined;
    return row && { version: row.version, live: true };
  }

  put(id: string, value: Value, version: Version): void {
    const doc = JSON.stringify(value);
    const found = this.#columns.map((of) => of(value));
    this.#put.run(id, version, ...found, doc, docSum(this.#kind, id, version, doc));
  }

  remove(id: string): void {
    this.#delete.run(id);
  }

  encode(value: Value): { body: string; expires: null } {
    return { body: JSON.stringify(value), expires: null };
  }
}
