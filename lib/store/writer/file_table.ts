import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { FileRecord } from "../../domain/file.ts";
import type { Version } from "../../services/ports/store.ts";
import { docSum } from "../checksum.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

export class FileTable implements SubjectTable<string, FileRecord> {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT version FROM files WHERE name = ?");
    this.#put = db.prepare("INSERT OR REPLACE INTO files (name, version, doc, sum) VALUES (?, ?, ?, ?)");
    this.#delete = db.prepare("DELETE FROM files WHERE name = ?");
  }

  find(id: string): Found | undefined {
    const row = this.#find.get(id) as { version: number } | undefined;
    return row && { version: row.version, live: true };
  }

  put(id: string, value: FileRecord, version: Version): void {
    const doc = JSON.stringify(value);
    this.#put.run(id, version, doc, docSum("file", id, version, doc));
  }

  remove(id: string): void {
    this.#delete.run(id);
  }

  encode(value: FileRecord): { body: string; expires: null } {
    return { body: JSON.stringify(value), expires: null };
  }
}
