import type { DatabaseSync, StatementSync } from "node:sqlite";

/** More different queries than filters combine to in practice. */
const KEPT = 200;

/** Prepared statements by their text; the least recently used makes room. */
export class Statements {
  readonly #kept = new Map<string, StatementSync>();

  constructor(readonly db: DatabaseSync) {}

  get(sql: string): StatementSync {
    const statement = this.#kept.get(sql) ?? this.db.prepare(sql);
    this.#kept.delete(sql);
    this.#kept.set(sql, statement);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return statement;
  }
}
