/** Transactions of the one connection that writes, and what has to go with each of them. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { messageOf, Untrustworthy } from "../errors.ts";
import { isDamage, isDiskFull, isSyncFailure } from "../sqlite_error.ts";
import type { Counters } from "./counters.ts";
import type { Feed } from "./feed.ts";

export class Transactions {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #checkpoint: StatementSync;

  constructor(db: DatabaseSync, readonly counters: Counters, readonly feed: Feed) {
    // Prepared, because `exec()` throws errors without a code.
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
    this.#checkpoint = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /**
   * Runs `work` and puts what it wrote on disk. When anything throws, nothing was written.
   * @throws {Untrustworthy}
   */
  run<T>(work: () => T): T {
    let result: T;
    try {
      this.#begin.run();
      result = work();
      this.counters.flush();
      this.feed.prune();
      this.#commit.run();
    } catch (error) {
      this.#undo(error);
      throw error;
    }
    this.feed.settle();
    return result;
  }

  /**
   * Takes the write-ahead log into the database and empties it. False when there was no room for that.
   * @throws {Untrustworthy}
   */
  checkpoint(): boolean {
    try {
      const { busy } = this.#checkpoint.get() as { busy: number };
      return busy === 0;
    } catch (error) {
      endWhenInDoubt(error);
      if (isDiskFull(error)) return false;
      throw error;
    }
  }

  #undo(error: unknown): void {
    endWhenInDoubt(error);
    this.counters.discard();
    this.feed.discard();
    try {
      this.#rollback.run();
    } catch {
      // SQLite has rolled back by itself, as it does after most errors of the disk.
    }
  }
}

function endWhenInDoubt(error: unknown): void {
  if (isDamage(error)) {
    throw new Untrustworthy(`The database is damaged: ${messageOf(error)}`, { cause: error, damaged: true });
  }
  if (isSyncFailure(error)) throw new Untrustworthy(`The disk failed to sync: ${messageOf(error)}`, { cause: error });
}
