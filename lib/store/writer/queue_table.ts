import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Queue } from "../../domain/queue.ts";
import type { Version } from "../../services/ports/store.ts";
import { DocTable } from "./doc_table.ts";

export class QueueTable extends DocTable<Queue> {
  readonly #open: StatementSync;

  constructor(db: DatabaseSync) {
    super(db, { kind: "queue", table: "queues", id: "name" });
    this.#open = db.prepare(
      "SELECT version FROM jobs INDEXED BY jobs_open WHERE queue = ? AND ended IS NULL LIMIT 1",
    );
  }

  /** A queue that has jobs stays. */
  obstacle(id: string, value: Queue | null): Version | undefined {
    return value ? undefined : (this.#open.get(id) as { version: number } | undefined)?.version;
  }
}
