import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Queue } from "../../domain/queue.ts";
import type { Version } from "../../services/ports/store.ts";
import { docSum } from "../checksum.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

export class QueueTable implements SubjectTable<string, Queue> {
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #open: StatementSync;

  constructor(db: DatabaseSync) {
    this.#find = db.prepare("SELECT version FROM queues WHERE name = ?");
    this.#put = db.prepare("INSERT OR REPLACE INTO queues (name, version, doc, sum) VALUES (?, ?, ?, ?)");
    this.#delete = db.prepare("DELETE FROM queues WHERE name = ?");
    this.#open = db.prepare(
      "SELECT version FROM jobs INDEXED BY jobs_open WHERE queue = ? AND ended IS NULL LIMIT 1",
    );
  }

  find(id: string): Found | undefined {
    const row = this.#find.get(id) as { version: number } | undefined;
    return row && { version: row.version, live: true };
  }

  /** A queue that has jobs stays. */
  obstacle(id: string, value: Queue | null): Version | undefined {
    return value ? undefined : (this.#open.get(id) as { version: number } | undefined)?.version;
  }

  put(id: string, value: Queue, version: Version): void {
    const doc = JSON.stringify(value);
    this.#put.run(id, version, doc, docSum("queue", id, version, doc));
  }

  remove(id: string): void {
    this.#delete.run(id);
  }

  encode(value: Queue): { body: string; expires: null } {
    return { body: JSON.stringify(value), expires: null };
  }
}
