import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Queue } from "../../domain/queue.ts";
import type { QueueReader, Versioned } from "../../services/ports/store.ts";
import { all } from "./docs.ts";

export class SqliteQueueReader implements QueueReader {
  readonly #list: StatementSync;

  constructor(db: DatabaseSync) {
    this.#list = db.prepare("SELECT name AS id, version, doc, sum FROM queues ORDER BY name");
  }

  list(): Promise<Versioned<Queue>[]> {
    return Promise.resolve(all<Queue>("queue", this.#list.all()));
  }
}
