import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { PartialUpload } from "../../domain/partial_upload.ts";
import type { Version } from "../../services/ports/store.ts";
import { docSum } from "../checksum.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

export class UploadTable implements SubjectTable<string, PartialUpload> {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT version FROM uploads WHERE id = ?");
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO uploads (id, version, name, created, touched, doc, sum) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#delete = db.prepare("DELETE FROM uploads WHERE id = ?");
  }

  find(id: string): Found | undefined {
    const row = this.#find.get(id) as { version: number } | undefined;
    return row && { version: row.version, live: true };
  }

  put(id: string, value: PartialUpload, version: Version): void {
    const doc = JSON.stringify(value);
    const { name, created, touched } = value;
    this.#put.run(id, version, name, created, touched, doc, docSum("upload", id, version, doc));
  }

  remove(id: string): void {
    this.#delete.run(id);
  }

  encode(value: PartialUpload): { body: string; expires: null } {
    return { body: JSON.stringify(value), expires: null };
  }
}
