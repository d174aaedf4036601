/** Checks, applies and numbers commits, many in one transaction. Synchronous; runs in the writer's thread. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type {
  Addition,
  Applied,
  Change,
  Commit,
  CommitResult,
  Conflict,
  Expect,
  Kind,
  Version,
} from "../../services/ports/store.ts";
import type { Answer, Refusal } from "../messages.ts";
import { DiskFull, isDiskFull, isSyncFailure } from "../sqlite_error.ts";
import type { Ballast } from "./ballast.ts";
import { CommitMemory } from "./commit_memory.ts";
import { Counters } from "./counters.ts";
import { expected } from "./expected.ts";
import { Feed } from "./feed.ts";
import { FileTable } from "./file_table.ts";
import { JobTable } from "./job_table.ts";
import { KeyAdditions } from "./key_additions.ts";
import { KeyTable } from "./key_table.ts";
import type { Found, SubjectTable } from "./subject_table.ts";
import { WorkerTable } from "./worker_table.ts";

/** How many answers are remembered for commits that come again. */
const REMEMBERED = 65_536;

/** What is on disk is in doubt: nothing more may be acknowledged, the process has to end. */
export class Untrustworthy extends Error {}

export class Writer {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #checkpoint: StatementSync;
  readonly #tables: { [K in Kind]: unknown };
  readonly #keys: KeyTable;
  readonly #additions: KeyAdditions;
  readonly #counters: Counters;
  readonly #feed: Feed;
  readonly #memory = new CommitMemory(REMEMBERED);

  constructor(db: DatabaseSync, readonly ballast: Ballast, keepChanges: number) {
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
    this.#checkpoint = db.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#counters = new Counters(db);
    this.#feed = new Feed(db, keepChanges);
    this.#keys = new KeyTable(db, this.#counters);
    this.#additions = new KeyAdditions(db);
    this.#tables = {
      key: this.#keys,
      job: new JobTable(db, this.#counters),
      worker: new WorkerTable(db),
      file: new FileTable(db),
    };
  }

  version(): Version {
    return this.#feed.version;
  }

  /**
   * The answer to each commit, in order.
   * @throws {Untrustworthy}
   */
  commitAll(commits: Commit[]): Answer[] {
    if (!this.#hasRoom()) return commits.map((commit) => this.#commitWithoutRoom(commit));
    try {
      return this.#commitTogether(commits);
    } catch (error) {
      if (error instanceof Untrustworthy) throw error;
      // One that cannot be written must not take the others down with it.
      if (commits.length > 1) return commits.flatMap((commit) => this.commitAll([commit]));
      if (!isDiskFull(error)) return [refusal(error)];
      this.makeRoom();
      return [this.#commitWithoutRoom(commits[0]!)];
    }
  }

  /** While the reserve is used up, only what removes is let through: what else came would take its room from that. */
  #commitWithoutRoom(commit: Commit): Answer {
    const known = this.#memory.get(commit.id);
    if (known) return known;
    if (commit.changes.some((change) => change.value || (change.kind === "key" && change.add))) {
      return refusal(new DiskFull());
    }
    try {
      return this.#commitTogether([commit])[0]!;
    } catch (error) {
      if (error instanceof Untrustworthy) throw error;
      return refusal(error);
    }
  }

  /** Gives up the ballast and empties the write-ahead log into the database, for which the ballast is large enough. */
  makeRoom(): void {
    this.ballast.release();
    this.checkpoint();
  }

  /** @throws {DiskFull} when only removals may write. */
  needRoom(): void {
    if (!this.#hasRoom()) throw new DiskFull();
  }

  #hasRoom(): boolean {
    return this.ballast.ready(() => this.checkpoint());
  }

  #commitTogether(commits: Commit[]): CommitResult[] {
    const answers = this.transaction(() => this.#applyAll(commits));
    commits.forEach((commit, i) => this.#memory.set(commit.id, answers[i]!));
    return answers;
  }

  /**
   * Runs `work` and puts what it wrote on disk.
   * @throws {Untrustworthy}
   */
  transaction<T>(work: () => T): T {
    this.#begin.run();
    try {
      const result = work();
      this.#counters.flush();
      this.#feed.prune();
      this.#commit.run();
      this.#feed.settle();
      return result;
    } catch (error) {
      this.#undo(error);
      throw error;
    }
  }

  /** Takes the write-ahead log into the database and empties it. False when there was no room for that. */
  checkpoint(): boolean {
    try {
      const { busy } = this.#checkpoint.get() as { busy: number };
      return busy === 0;
    } catch (error) {
      if (isSyncFailure(error)) throw new Untrustworthy(`The disk failed to sync: ${text(error)}`, { cause: error });
      if (isDiskFull(error)) return false;
      throw error;
    }
  }

  #undo(error: unknown): void {
    if (isSyncFailure(error)) throw new Untrustworthy(`The disk failed to sync: ${text(error)}`, { cause: error });
    this.#counters.discard();
    this.#feed.discard();
    try {
      this.#rollback.run();
    } catch {
      // SQLite has rolled back by itself, as it does after most errors of the disk.
    }
  }

  #applyAll(commits: Commit[]): CommitResult[] {
    const answers: CommitResult[] = [];
    let own: Map<string, CommitResult> | undefined;
    for (const commit of commits) {
      const answer = this.#memory.get(commit.id) ?? own?.get(commit.id) ?? this.#apply(commit);
      if (commits.length > 1) (own ??= new Map()).set(commit.id, answer);
      answers.push(answer);
    }
    return answers;
  }

  #apply(commit: Commit): CommitResult {
    const [first] = commit.changes;
    if (first?.kind === "key" && first.add) return this.#add(first.id, first.expect, first.add, commit.at);
    const found: (Found | undefined)[] = [];
    const conflicts: Conflict[] = [];
    commit.changes.forEach((change, index) => {
      const table = this.#tableOf(change);
      const here = table.find(change.id, commit.at);
      const version = here?.live ? here.version : null;
      found.push(here);
      if (!expected(change.expect, version)) conflicts.push({ index, version });
      else if (change.value) {
        const obstacle = table.obstacle?.(change.id, change.value);
        if (obstacle !== undefined) conflicts.push({ index, version: obstacle });
      }
    });
    if (conflicts.length > 0) return { outcome: "conflict", conflicts };
    return { outcome: "committed", applied: commit.changes.map((change, i) => this.#write(change, found[i])) };
  }

  #add(id: string, expect: Expect, addition: Addition, at: number): CommitResult {
    const done = this.#additions.done(id, addition);
    if (typeof done === "object") return { outcome: "committed", applied: [done] };
    const here = this.#keys.find(id, at);
    const version = here?.live ? here.version : null;
    const conflict = (reason?: Conflict["reason"]): CommitResult => ({
      outcome: "conflict",
      conflicts: [{ index: 0, version, ...(reason && { reason }) }],
    });
    if (done) return conflict(done);
    if (!expected(expect, version)) return conflict();
    const result = this.#additions.sum(id, version !== null, addition.amount);
    if (typeof result === "string") return conflict(result);
    const { sum, expires } = result;
    const value = { key: id, value: new TextEncoder().encode(String(sum)), expires };
    const applied = this.#write({ kind: "key", id, expect, value }, here);
    this.#additions.remember(id, addition, sum, applied.version, applied.existed);
    return { outcome: "committed", applied: [{ ...applied, sum }] };
  }

  #write(change: Change, before: Found | undefined): Applied {
    const existed = before?.live ?? false;
    if (change.value === undefined) return { version: existed ? before!.version : 0, existed };
    if (change.value === null && !before) return { version: 0, existed };
    const table = this.#tableOf(change);
    const version = this.#feed.next();
    if (change.value === null) {
      table.remove(change.id, before!);
      this.#feed.write(version, change.kind, change.id, null, null);
    } else {
      const { body, expires } = table.encode(change.value);
      table.put(change.id, change.value, version, before);
      this.#feed.write(version, change.kind, change.id, expires, body);
    }
    return { version, existed };
  }

  /** A change's kind decides over the types of its id and value, which the compiler does not follow across the lookup. */
  #tableOf(change: Change): SubjectTable<Change["id"], NonNullable<Change["value"]>> {
    return this.#tables[change.kind] as SubjectTable<Change["id"], NonNullable<Change["value"]>>;
  }
}

/** What the caller is told of a write that the disk did not take. */
export function refusal(error: unknown): Refusal {
  return isDiskFull(error)
    ? {
      outcome: "refused",
      code: "storage_full",
      message: "The disk is full; nothing was changed. Make room, then try again.",
    }
    : { outcome: "refused", code: "storage_failed", message: `The store could not write: ${text(error)}` };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
