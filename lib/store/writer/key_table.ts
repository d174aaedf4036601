import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { KeyRecord } from "../../domain/key.ts";
import type { Version } from "../../services/ports/store.ts";
import { keySum } from "../checksum.ts";
import type { Change } from "../journal/group.ts";
import type { Counters } from "./counters.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

interface Row {
  version: number;
  expires: number | null;
  value: Uint8Array;
  sum: number;
}

export class KeyTable implements SubjectTable<string, KeyRecord> {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync, readonly counters: Counters) {
    this.#find = db.prepare("SELECT version, expires, value, sum FROM keys WHERE key = ?");
    this.#insert = db.prepare("INSERT INTO keys (version, expires, value, sum, key) VALUES (?, ?, ?, ?, ?)");
    this.#update = db.prepare("UPDATE keys SET version = ?, expires = ?, value = ?, sum = ? WHERE key = ?");
    this.#upsert = db.prepare(`
      INSERT INTO keys (key, version, expires, value, sum) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET version = excluded.version, expires = excluded.expires, value = excluded.value, sum = excluded.sum`);
    this.#delete = db.prepare("DELETE FROM keys WHERE key = ?");
  }

  find(id: string, at: number): Found | undefined {
    const row = this.#find.get(id) as Row | undefined;
    if (!row) return undefined;
    const { version, expires, value, sum } = row;
    return {
      version,
      live: expires === null || expires > at,
      damaged: keySum(id, version, expires, value) !== sum,
    };
  }

  put(id: string, value: KeyRecord, version: Version, before: Found | undefined): void {
    if (!before) this.counters.add("keys", 1);
    const sum = keySum(id, version, value.expires, value.value);
    (before ? this.#update : this.#insert).run(version, value.expires, value.value, sum, id);
  }

  /** Writes what the journal says of a key. */
  take({ key, value, expires }: Change, version: Version): void {
    if (value === null) this.#delete.run(key);
    else this.#upsert.run(key, version, expires, value, keySum(key, version, expires, value));
  }

  /** So many keys more are there after what was taken from the journal. */
  counted(added: number): void {
    this.counters.add("keys", added);
  }

  remove(id: string): void {
    this.counters.add("keys", -1);
    this.#delete.run(id);
  }

  encode(value: KeyRecord): { body: Uint8Array; expires: number | null } {
    return { body: value.value, expires: value.expires };
  }
}
