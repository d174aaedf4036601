/** Applies commits to the tables of their subjects, inside a transaction that somebody else begins and ends. */

import type { DatabaseSync } from "node:sqlite";
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
import { rowDamaged, Untrustworthy } from "../errors.ts";
import type { Counters } from "./counters.ts";
import { expected } from "../expected.ts";
import type { Feed } from "./feed.ts";
import type { Change as KeyChange } from "../journal/group.ts";
import { fileTable, uploadTable, workerTable } from "./doc_tables.ts";
import { JobTable } from "./job_table.ts";
import { KeyAdditions } from "./key_additions.ts";
import { KeyTable } from "./key_table.ts";
import { QueueTable } from "./queue_table.ts";
import type { Found, SubjectTable } from "./subject_table.ts";

export class Subjects {
  readonly #tables: { [K in Kind]: unknown };
  readonly #keys: KeyTable;
  readonly #additions: KeyAdditions;

  constructor(db: DatabaseSync, counters: Counters, readonly feed: Feed) {
    this.#keys = new KeyTable(db, counters);
    this.#additions = new KeyAdditions(db);
    this.#tables = {
      key: this.#keys,
      job: new JobTable(db, counters),
      worker: workerTable(db),
      file: fileTable(db),
      queue: new QueueTable(db),
      upload: uploadTable(db),
    };
  }

  /**
   * Checks what a commit expects against the database as the ones before have left it, and writes its changes.
   * @throws {Problem} `storage_failed` when it depends on a row that is damaged.
   */
  apply(commit: Commit): CommitResult {
    const [first] = commit.changes;
    if (first?.kind === "key" && first.add) return this.#add(first.id, first.expect, first.add, commit.at);
    const found: (Found | undefined)[] = [];
    const conflicts: Conflict[] = [];
    commit.changes.forEach((change, index) => {
      const here = this.#tableOf(change).find(change.id, commit.at);
      found.push(here);
      if (here?.damaged && change.expect.is !== "any") throw rowDamaged(change.kind, change.id);
      const conflict = this.#conflict(change, here);
      if (conflict) conflicts.push({ index, ...conflict });
    });
    if (conflicts.length > 0) return { outcome: "conflict", conflicts };
    return { outcome: "committed", applied: commit.changes.map((change, i) => this.#write(change, found[i])) };
  }

  /**
   * Writes changes of keys that are on disk in the journal already, the first of them at version `first`.
   * Of each key the table is told the last only; the feed hears of all.
   * @throws {Untrustworthy} when they do not go on from what is there.
   */
  take(changes: KeyChange[], first: Version): void {
    const last = new Map<string, number>();
    let added = 0;
    changes.forEach(({ key, value, expires, isNew }, i) => {
      const version = this.feed.next();
      if (version !== first + i) {
        throw new Untrustworthy(`The journal goes on at version ${first + i}, the database at ${version}.`);
      }
      this.feed.write(version, "key", key, expires, value);
      added += (isNew ? 1 : 0) - (value === null ? 1 : 0);
      last.set(key, i);
    });
    for (const i of last.values()) this.#keys.take(changes[i]!, first + i);
    this.#keys.counted(added);
  }

  #conflict(change: Change, here: Found | undefined): Pick<Conflict, "version"> | undefined {
    const version = here?.live ? here.version : null;
    if (!expected(change.expect, version)) return { version };
    if (change.value === undefined) return undefined;
    const obstacle = this.#tableOf(change).obstacle?.(change.id, change.value);
    return obstacle === undefined ? undefined : { version: obstacle };
  }

  #add(id: string, expect: Expect, addition: Addition, at: number): CommitResult {
    const done = this.#additions.done(id, addition);
    if (typeof done === "object") return { outcome: "committed", applied: [done] };
    const here = this.#keys.find(id, at);
    // Its value decides over what is written, whatever is expected.
    if (here?.damaged) throw rowDamaged("key", id);
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
    if (change.kind === "job") {
      for (const earlier of change.through ?? []) {
        this.#tell(change, table.encode(earlier));
      }
    }
    const version = this.feed.next();
    if (change.value === null) {
      table.remove(change.id, before!);
      this.feed.write(version, change.kind, change.id, null, null);
    } else {
      const { body, expires } = table.encode(change.value);
      table.put(change.id, change.value, version, before);
      this.feed.write(version, change.kind, change.id, expires, body);
    }
    return { version, existed };
  }

  /** Only the feed hears of it. */
  #tell({ kind, id }: Change, { body, expires }: { body: string | Uint8Array; expires: number | null }): void {
    this.feed.write(this.feed.next(), kind, id, expires, body);
  }

  /** A change's kind decides over the types of its id and value, which the compiler does not follow across the lookup. */
  #tableOf(change: Change): SubjectTable<Change["id"], NonNullable<Change["value"]>> {
    return this.#tables[change.kind] as SubjectTable<Change["id"], NonNullable<Change["value"]>>;
  }
}
