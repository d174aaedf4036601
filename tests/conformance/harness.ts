/** What the sentences about a store are told with. */

import { deepEqual, equal, ok } from "node:assert/strict";
import type { Job } from "../../lib/domain/job.ts";
import type { KeyRecord } from "../../lib/domain/key.ts";
import type {
  Applied,
  Change,
  Commit,
  CommitResult,
  Conflict,
  Expect,
  FeedEntry,
  FeedOptions,
  JobQuery,
  Store,
  Version,
} from "../../lib/services/ports/store.ts";
import { keyRecord, NOW } from "./subjects.ts";

/** `keepChanges`: how many the feed keeps at least; it may keep some more. */
export type OpenStore = (directory: string, options?: { keepChanges?: number }) => Promise<Store>;

export interface Bench {
  store: Store;
  /** Closes the store and opens it again. */
  reopen(): Promise<Store>;
}

export type Sentence = (
  name: string,
  test: (bench: Bench) => Promise<void>,
  options?: { keepChanges?: number },
) => void;

/** Registers sentences, each with a store of its own in a directory of its own. */
export function sentences(label: string, open: OpenStore): Sentence {
  return (name, test, options) =>
    Deno.test(`${label}: ${name}`, async () => {
      const directory = await Deno.makeTempDir({ prefix: "stint-store-" });
      let store = await open(directory, options);
      try {
        await test({
          get store() {
            return store;
          },
          async reopen() {
            await store.close();
            return store = await open(directory, options);
          },
        });
      } finally {
        await store.close();
        await Deno.remove(directory, { recursive: true });
      }
    });
}

export function commitOf(changes: Change[], at = NOW): Commit {
  return { id: crypto.randomUUID(), at, changes };
}

export function write(store: Store, ...changes: Change[]): Promise<CommitResult> {
  return store.commit(commitOf(changes));
}

/** Writes what has to be taken, and returns what was applied. */
export async function apply(store: Store, ...changes: Change[]): Promise<Applied[]> {
  const result = await write(store, ...changes);
  ok(result.outcome === "committed", `expected a commit, got ${JSON.stringify(result)}`);
  return result.applied;
}

/** The version that a single change is given. */
export async function versionOf(store: Store, change: Change): Promise<Version> {
  const [applied] = await apply(store, change);
  return applied!.version;
}

/** Writes what must not be taken, and returns the conflicts. */
export async function conflict(store: Store, ...changes: Change[]): Promise<Conflict[]> {
  const result = await write(store, ...changes);
  ok(result.outcome === "conflict", `expected a conflict, got ${JSON.stringify(result)}`);
  return result.conflicts;
}

export function put(id: string, text: string, expect: Expect = { is: "any" }, expires: number | null = null): Change {
  return { kind: "key", id, expect, value: keyRecord(id, text, expires) };
}

export function remove(id: string, expect: Expect = { is: "any" }): Change {
  return { kind: "key", id, expect, value: null };
}

export function putJob(job: Job): Change {
  return { kind: "job", id: job.id, expect: { is: "any" }, value: job };
}

export async function addJobs(store: Store, ...jobs: Job[]): Promise<void> {
  await Promise.all(jobs.map((job) => apply(store, putJob(job))));
}

/** Every id that a query lists, going through pages of `limit`. */
export async function idsOf(store: Store, query: Partial<JobQuery> = {}): Promise<number[]> {
  const ids: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.jobs.list({ sort: "-created", limit: 100, ...query, ...(cursor && { cursor }) });
    ok(page.items.length <= (query.limit ?? 100), "a page holds more than was asked for");
    ids.push(...page.items.map(({ value }) => value.id));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids;
}

/** The first `count` entries of the feed. */
export async function take(store: Store, count: number, options: Omit<FeedOptions, "signal">): Promise<FeedEntry[]> {
  const entries: FeedEntry[] = [];
  const stop = new AbortController();
  if (count === 0) return entries;
  for await (const entry of store.follow({ ...options, signal: stop.signal })) {
    entries.push(entry);
    if (entries.length === count) break;
  }
  return entries;
}

export async function keyText(store: Store, key: string, now = NOW): Promise<string | undefined> {
  const found = await store.keys.get(key, now);
  return found && textIn(found.value);
}

function textIn(record: KeyRecord): string {
  return new TextDecoder().decode(record.value);
}

export { deepEqual, equal, ok };
