/**
 * A store in memory for tests of services: the same rules of versions and expectations as the one on disk, and ways to
 * make it fail.
 */

import { setImmediate } from "node:timers/promises";
import type { FileRecord } from "../../lib/domain/file.ts";
import {
  type EndedJob,
  isActive,
  isEnded,
  type Job,
  JOB_STATES,
  type JobState,
  keptBytes,
  queueOf,
  waitsOf,
} from "../../lib/domain/job.ts";
import type { KeyRecord } from "../../lib/domain/key.ts";
import type { PartialUpload } from "../../lib/domain/partial_upload.ts";
import { noLoad, type Queue, type QueueLoad } from "../../lib/domain/queue.ts";
import { isFinalWorker, type Worker } from "../../lib/domain/worker.ts";
import { Problem } from "../../lib/domain/errors.ts";
import { expected } from "../../lib/store/expected.ts";
import type {
  Applied,
  Change,
  Commit,
  CommitResult,
  Conflict,
  FeedEntry,
  FeedOptions,
  Kind,
  OldestQuery,
  Page,
  QueueRoom,
  Store,
  Version,
  Versioned,
} from "../../lib/services/ports/store.ts";

type Value = KeyRecord | Job | Worker | FileRecord | Queue | PartialUpload;

export class MemoryStore implements Store {
  readonly failed = new Promise<Error>(() => {});
  /** When set, commits that it says yes to fail as on a full disk. */
  fails: (commit: Commit) => boolean = () => false;
  #version = 0;
  #tables: Record<Kind, Map<string | number, Versioned<Value>>> = {
    key: new Map(),
    job: new Map(),
    worker: new Map(),
    file: new Map(),
    queue: new Map(),
    upload: new Map(),
  };
  #leftovers = new Set<number>();
  #answers = new Map<string, CommitResult>();

  async commit(commit: Commit): Promise<CommitResult> {
    // Not at once, so that whoever relies on that is found out.
    await setImmediate();
    const before = this.#answers.get(commit.id);
    if (before) return before;
    if (this.fails(commit)) throw new Problem("storage_full", "The disk is full.");
    const result = this.#apply(structuredClone(commit));
    this.#answers.set(commit.id, result);
    return result;
  }

  readonly keys = {
    get: (key: string, now: number) => this.#get<KeyRecord>("key", key, (found) => !isExpired(found, now)),
    list: (query: { prefix?: string; limit: number; cursor?: string; now: number }) =>
      this.#page<KeyRecord>(
        "key",
        query,
        (found) => found.key,
        (found) => !isExpired(found, query.now) && found.key.startsWith(query.prefix ?? ""),
      ),
    expired: (now: number, limit: number) =>
      this.#all<KeyRecord>("key", (found) => isExpired(found, now)).then((all) => all.slice(0, limit)),
    count: () => Promise.resolve(this.#tables.key.size),
  };

  readonly jobs = {
    get: (id: number) => this.#get<Job>("job", id),
    list: () => Promise.reject(new Error("Searching jobs is for the store on disk.")),
    queue: async (limit: number, rooms: QueueRoom[]) => {
      const ready = await this.#all<Job>("job", (job) => job.state === "queued" && !job.waits);
      ready.sort(({ value: a }, { value: b }) => b.spec.priority - a.spec.priority || a.id - b.id);
      const left = new Map(rooms.map(({ name, most }) => [name, most]));
      return ready.filter(({ value }) => {
        const most = left.get(queueOf(value) ?? "") ?? 0;
        left.set(queueOf(value) ?? "", most - 1);
        return most > 0;
      }).slice(0, limit);
    },
    due: async (now: number, limit: number) => {
      const due = await this.#all<Job>("job", (job) => untilOf(job) <= now);
      return due.sort((a, b) => untilOf(a.value) - untilOf(b.value)).slice(0, limit);
    },
    nextDue: async () => {
      const times = (await this.#all<Job>("job")).map(({ value }) => untilOf(value));
      return times.some(Number.isFinite) ? Math.min(...times) : undefined;
    },
    dependents: async (id: number, limit: number) =>
      (await this.#all<Job>("job", (job) => waitsOf(job)?.for?.includes(id) ?? false)).slice(0, limit),
    settled: async (limit: number) => {
      const ids = new Set((await this.#all<Job>("job")).flatMap(({ value }) => waitsOf(value)?.for ?? []));
      const over = (id: number) => {
        const found = this.#tables.job.get(id)?.value as Job | undefined;
        return !found || isEnded(found);
      };
      return [...ids].filter(over).slice(0, limit);
    },
    loads: async () => {
      const loads = new Map<string, QueueLoad>();
      for (const { value: job } of await this.#all<Job>("job", (job) => !isEnded(job) && queueOf(job) !== null)) {
        const load = loads.get(queueOf(job)!) ?? noLoad();
        loads.set(queueOf(job)!, load);
        const waiting = job.state === "queued" ? (job.waits ? "waiting" : "ready") : "held";
        load[isActive(job) ? "running" : waiting]++;
      }
      return loads;
    },
    active: () => this.#all<Job>("job", isActive),
    byIdempotencyKey: async (key: string) => (await this.#all<Job>("job", (job) => job.idempotency?.key === key))[0],
    lastId: async () => Math.max(0, ...(await this.#all<Job>("job")).map(({ value }) => value.id)),
    counts: async () => {
      const counts = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
      for (const { value } of await this.#all<Job>("job")) counts[value.state]++;
      return counts;
    },
    oldest: async ({ limit, after, withOutput }: OldestQuery) => {
      const ended = (await this.#all<Job>("job", isEnded)) as Versioned<EndedJob>[];
      const order = (a: { ended: number; id: number }, b: { ended: number; id: number }) =>
        a.ended - b.ended || a.id - b.id;
      return ended.filter(({ value }) => (!after || order(value, after) > 0) && (!withOutput || keptBytes(value) > 0))
        .sort((a, b) => order(a.value, b.value)).slice(0, limit);
    },
    outputBytes: async () => {
      const ended = (await this.#all<Job>("job", isEnded)) as Versioned<EndedJob>[];
      return ended.reduce((sum, { value }) => sum + keptBytes(value), 0);
    },
    leftovers: (limit: number) => Promise.resolve([...this.#leftovers].slice(0, limit)),
  };

  readonly workers = {
    get: (id: string) => this.#get<Worker>("worker", id),
    active: () => this.#all<Worker>("worker", (worker) => !isFinalWorker(worker)),
    endedBefore: (time: number, limit: number) =>
      this.#all<Worker>("worker", (worker) => worker.ended !== null && worker.ended < time)
        .then((all) => all.slice(0, limit)),
  };

  readonly files = {
    get: (name: string) => this.#get<FileRecord>("file", name),
    list: (query: { limit: number; cursor?: string }) => this.#page<FileRecord>("file", query, (file) => file.name),
  };

  readonly uploads = {
    get: (id: string) => this.#get<PartialUpload>("upload", id),
    list: ({ name, ...query }: { name?: string; limit: number; cursor?: string }) =>
      this.#page<PartialUpload>(
        "upload",
        query,
        // Newest first: the name falls as the time rises.
        ({ created, id }) => `${Number.MAX_SAFE_INTEGER - created} ${id}`,
        (found) => name === undefined || found.name === name,
      ),
    touchedBefore: (time: number, limit: number) =>
      this.#all<PartialUpload>("upload", ({ touched }) => touched < time).then((all) => all.slice(0, limit)),
  };

  readonly queues = {
    list: async () => (await this.#all<Queue>("queue")).sort((a, b) => a.value.name < b.value.name ? -1 : 1),
  };

  forgetLeftovers(jobIds: number[]): Promise<void> {
    for (const id of jobIds) this.#leftovers.delete(id);
    return Promise.resolve();
  }

  indexOutput(): Promise<void> {
    return Promise.resolve();
  }

  dropOutput(): Promise<void> {
    return Promise.resolve();
  }

  // deno-lint-ignore require-yield
  async *follow(_options: FeedOptions): AsyncIterable<FeedEntry> {
    await Promise.reject(new Error("Following changes is for the store on disk."));
  }

  version(): Version {
    return this.#version;
  }

  peek(key: string, now: number): { version: Version; text: string } | undefined {
    const found = this.#tables.key.get(key) as Versioned<KeyRecord> | undefined;
    if (!found || isExpired(found.value, now)) return undefined;
    return { version: found.version, text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(found.value.value) };
  }

  oldest(): Version {
    return this.#version;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #apply({ changes, at }: Commit): CommitResult {
    const conflicts = changes.flatMap((change, index): Conflict[] => {
      const version = this.#found(change, at)?.version ?? null;
      return expected(change.expect, version) && !this.#isInUse(change) ? [] : [{ index, version }];
    });
    if (conflicts.length > 0) return { outcome: "conflict", conflicts };
    return { outcome: "committed", applied: changes.map((change) => this.#write(change, at)) };
  }

  #write(change: Change, at: number): Applied {
    const found = this.#found(change, at);
    if (change.value === undefined) return { version: found?.version ?? 0, existed: found !== undefined };
    if (change.kind === "job") this.#version += change.through?.length ?? 0;
    const version = ++this.#version;
    const table = this.#tables[change.kind];
    if (change.kind === "job" && found && (!change.value || hidesResult(change.value))) this.#leftovers.add(change.id);
    if (change.value === null) table.delete(change.id);
    else table.set(change.id, { value: change.value, version });
    return { version, existed: found !== undefined };
  }

  #isInUse({ kind, id, value }: Change): boolean {
    if (kind !== "queue" || value !== null) return false;
    const jobs = [...this.#tables.job.values()] as Versioned<Job>[];
    return jobs.some(({ value }) => !isEnded(value) && queueOf(value) === id);
  }

  #found({ kind, id }: Change, at: number): Versioned<Value> | undefined {
    const found = this.#tables[kind].get(id);
    return kind === "key" && found && isExpired(found.value as KeyRecord, at) ? undefined : found;
  }

  async #get<T extends Value>(
    kind: Kind,
    id: string | number,
    filter: (value: T) => boolean = () => true,
  ): Promise<Versioned<T> | undefined> {
    await Promise.resolve();
    const found = this.#tables[kind].get(id) as Versioned<T> | undefined;
    return found && filter(found.value) ? structuredClone(found) : undefined;
  }

  async #all<T extends Value>(kind: Kind, filter: (value: T) => boolean = () => true): Promise<Versioned<T>[]> {
    await Promise.resolve();
    const all = [...this.#tables[kind].values()] as Versioned<T>[];
    return structuredClone(all.filter(({ value }) => filter(value)));
  }

  async #page<T extends Value>(
    kind: Kind,
    { limit, cursor }: { limit: number; cursor?: string },
    name: (value: T) => string,
    filter: (value: T) => boolean = () => true,
  ): Promise<Page<Versioned<T>>> {
    const all = await this.#all<T>(kind, filter);
    all.sort((a, b) => name(a.value) < name(b.value) ? -1 : 1);
    const rest = all.filter(({ value }) => cursor === undefined || name(value) > cursor);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      ...(rest.length > limit && last && { next: name(last.value) }),
      upTo: this.#version,
    };
  }
}

function untilOf(job: Job): number {
  return waitsOf(job)?.until ?? Infinity;
}

function hidesResult(job: Job): boolean {
  return isEnded(job) && job.resultDeleted;
}

function isExpired(key: KeyRecord, now: number): boolean {
  return key.expires !== null && key.expires <= now;
}
