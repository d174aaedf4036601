import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isFinalWorker, type Worker } from "../../domain/worker.ts";
import type { Version } from "../../services/ports/store.ts";
import { docSum } from "../checksum.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

export class WorkerTable implements SubjectTable<string, Worker> {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT version FROM workers WHERE id = ?");
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO workers (id, version, active, ended, doc, sum) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#delete = db.prepare("DELETE FROM workers WHERE id = ?");
  }

  find(id: string): Found | undefined {
    const row = this.#find.get(id) as { version: number } | undefined;
    return row && { version: row.version, live: true };
  }

  put(id: string, value: Worker, version: Version): void {
    const final = isFinalWorker(value);
    const ended = final ? value.ended ?? value.expires : null;
    const doc = JSON.stringify(value);
    this.#put.run(id, version, final ? 0 : 1, ended, doc, docSum("worker", id, version, doc));
  }

  remove(id: string): void {
    this.#delete.run(id);
  }

  encode(value: Worker): { body: string; expires: null } {
    return { body: JSON.stringify(value), expires: null };
  }
}
