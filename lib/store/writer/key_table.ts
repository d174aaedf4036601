import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { KeyRecord } from "../../domain/key.ts";
import type { Version } from "../../services/ports/store.ts";
import type { Counters } from "./counters.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

export class KeyTable implements SubjectTable<string, KeyRecord> {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync, readonly counters: Counters) {
    this.#find = db.prepare("SELECT version, expires FROM keys WHERE key = ?");
    this.#insert = db.prepare("INSERT INTO keys (version, expires, value, key) VALUES (?, ?, ?, ?)");
    this.#update = db.prepare("UPDATE keys SET version = ?, expires = ?, value = ? WHERE key = ?");
    this.#delete = db.prepare("DELETE FROM keys WHERE key = ?");
  }

  find(id: string, at: number): Found | undefined {
    const row = this.#find.get(id) as { version: number; expires: number | null } | undefined;
    return row && { version: row.version, live: row.expires === null || row.expires > at };
  }

  put(id: string, value: KeyRecord, version: Version, before: Found | undefined): void {
    if (!before) this.counters.add("keys", 1);
    (before ? this.#update : this.#insert).run(version, value.expires, value.value, id);
  }

  remove(id: string): void {
    this.counters.add("keys", -1);
    this.#delete.run(id);
  }

  encode(value: KeyRecord): { body: Uint8Array; expires: number | null } {
    return { body: value.value, expires: value.expires };
  }
}
