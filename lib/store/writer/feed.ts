import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Kind, Version } from "../../services/ports/store.ts";
import { versionOf } from "../identity.ts";

/** At least so many entries are removed at once, so that most transactions remove none. */
const PRUNE_STEP = 256;

/** Gives out the versions and writes down what happened at each. */
export class Feed {
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  /** The last version on disk, and the last one given out. */
  #settled: Version;
  #given: Version;
  #oldest: Version;
  #pruned: Version;

  constructor(db: DatabaseSync, readonly keep: number) {
    const { oldest } = db.prepare("SELECT min(version) AS oldest FROM changes").get() as { oldest: number | null };
    this.#settled = this.#given = versionOf(db);
    this.#oldest = this.#pruned = oldest ?? this.#settled + 1;
    this.#insert = db.prepare("INSERT INTO changes (version, kind, id, expires, body) VALUES (?, ?, ?, ?, ?)");
    this.#delete = db.prepare("DELETE FROM changes WHERE version < ?");
  }

  /** The last version on disk. */
  get version(): Version {
    return this.#settled;
  }

  next(): Version {
    return ++this.#given;
  }

  write(
    version: Version,
    kind: Kind,
    id: string | number,
    expires: number | null,
    body: string | Uint8Array | null,
  ): void {
    this.#insert.run(version, kind, id, expires, body);
  }

  /** Removes what is no longer kept: about as much as was just written, so that no transaction has to remove a lot. */
  prune(): void {
    const due = this.#given - this.keep + 1;
    if (due - this.#oldest < PRUNE_STEP) return;
    const most = Math.max(PRUNE_STEP, 2 * (this.#given - this.#settled));
    this.#pruned = Math.min(due, this.#oldest + most);
    this.#delete.run(this.#pruned);
  }

  /** The transaction is on disk. */
  settle(): void {
    this.#settled = this.#given;
    this.#oldest = this.#pruned;
  }

  /** The transaction was undone; its versions go to the next one. */
  discard(): void {
    this.#given = this.#settled;
    this.#pruned = this.#oldest;
  }
}
