import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Worker } from "../../domain/worker.ts";
import type { Versioned, WorkerReader } from "../../services/ports/store.ts";
import { all, one } from "./docs.ts";

export class SqliteWorkerReader implements WorkerReader {
  readonly #get: StatementSync;
  readonly #active: StatementSync;
  readonly #ended: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare("SELECT id, version, doc, sum FROM workers WHERE id = ?");
    this.#active = db.prepare("SELECT id, version, doc, sum FROM workers WHERE active = 1");
    this.#ended = db.prepare("SELECT id, version, doc, sum FROM workers WHERE ended < ? ORDER BY ended LIMIT ?");
  }

  get(id: string): Promise<Versioned<Worker> | undefined> {
    return Promise.resolve(one<Worker>("worker", this.#get.get(id)));
  }

  active(): Promise<Versioned<Worker>[]> {
    return Promise.resolve(all<Worker>("worker", this.#active.all()));
  }

  endedBefore(time: number, limit: number): Promise<Versioned<Worker>[]> {
    return Promise.resolve(all<Worker>("worker", this.#ended.all(time, limit)));
  }
}
