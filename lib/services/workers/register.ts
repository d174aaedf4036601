/**
 * The workers that have not ended, and the only place through which they change: moved by the table of states, committed
 * with the version that was read, so that of two at once one wins. A worker's slot is given back here when it ends.
 */

import { changeWorker, isFinalWorker, type Worker, type WorkerState } from "../../domain/worker.ts";
import { commit } from "../commit.ts";
import { KeyedLock } from "../keyed_lock.ts";
import type { Change, Version } from "../ports/store.ts";
import type { Lease } from "../slots.ts";
import type { WorkersContext } from "./context.ts";
import type { LiveWork } from "./live_work.ts";

/** A worker that has not ended, and what holds on to it. */
export interface Entry {
  worker: Worker;
  version: Version;
  readonly lease: Lease;
  live?: LiveWork;
  cancelExpiry?: () => void;
}

/** What became of a change: the worker as it is now, or what was in the way. */
export type ChangeOutcome =
  | { done: true; worker: Worker }
  /** Somebody else changed the worker first, or something that was to be committed along did not find what it expected. */
  | { done: false; conflict: "worker" | "together" };

/** Before what could not be saved is tried again. */
const RETRY_MS = 5000;

export class WorkerRegister {
  readonly entries = new Map<string, Entry>();
  readonly lock = new KeyedLock<string>();
  #unsaved = new Set<() => void>();
  #whenSettled: (() => void)[] = [];

  constructor(private readonly context: WorkersContext) {}

  /** Puts a new worker on disk and on record. */
  async create(worker: Worker, lease: Lease): Promise<Entry> {
    const { store, clock } = this.context;
    const outcome = await commit(store, clock, [
      { kind: "worker", id: worker.id, expect: { is: "absent" }, value: worker },
    ]);
    if ("conflicts" in outcome) throw new Error(`The worker id ${worker.id} was drawn twice.`);
    return this.add({ worker, version: outcome.applied[0]!.version, lease });
  }

  add(entry: Entry): Entry {
    this.entries.set(entry.worker.id, entry);
    return entry;
  }

  /**
   * Moves a worker on and commits it, `together` with others if given. To be called under its lock.
   * @throws {Problem} `invalid_transition`, `storage_full`, `storage_failed`.
   */
  async change(
    entry: Entry,
    to: WorkerState,
    facts: Partial<Worker> = {},
    together: Change[] = [],
  ): Promise<ChangeOutcome> {
    const next = changeWorker(entry.worker, to, facts);
    const { store, clock } = this.context;
    const outcome = await commit(store, clock, [this.changeOf(entry, next), ...together]);
    if ("conflicts" in outcome) {
      const ours = outcome.conflicts.some(({ index }) => index === 0);
      return { done: false, conflict: ours ? "worker" : "together" };
    }
    this.took(entry, next, outcome.applied[0]!.version);
    return { done: true, worker: next };
  }

  /** The change that puts `next` in the place of what is known, for a commit that is made elsewhere. */
  changeOf(entry: Entry, next: Worker): Change {
    return { kind: "worker", id: next.id, expect: { is: "version", oneOf: [entry.version] }, value: next };
  }

  /** Takes note of a change that is on disk. */
  took(entry: Entry, next: Worker, version: Version): void {
    entry.worker = next;
    entry.version = version;
    if (isFinalWorker(next)) this.#settle(entry, true);
  }

  /**
   * Ends a worker whatever the disk says: what is over cannot be kept from being over. Its slot returns at once; what
   * could not be written down is written down later, and until then it is answered from memory.
   */
  async end(entry: Entry, to: WorkerState, facts: Partial<Worker>): Promise<Worker> {
    try {
      const outcome = await this.change(entry, to, facts);
      if (!outcome.done) throw new Error("The worker was changed by somebody else.");
    } catch (error) {
      const { id } = entry.worker;
      this.context.onError?.(`The end of worker ${id} could not be written down; it will be tried again.`, error);
      entry.worker = changeWorker(entry.worker, to, facts);
      this.#settle(entry, false);
      this.#saveLater(entry);
    }
    return entry.worker;
  }

  /** Calls `listener` when a worker has ended. */
  onSettled(listener: () => void): void {
    this.#whenSettled.push(listener);
  }

  /** Forgets all timers. */
  close(): void {
    for (const cancel of this.#unsaved) cancel();
    this.#unsaved.clear();
    for (const entry of this.entries.values()) entry.cancelExpiry?.();
  }

  #settle(entry: Entry, saved: boolean): void {
    entry.cancelExpiry?.();
    delete entry.live;
    if (saved) this.entries.delete(entry.worker.id);
    entry.lease.release();
    for (const listener of this.#whenSettled) listener();
  }

  #saveLater(entry: Entry): void {
    const { store, clock } = this.context;
    const cancel = clock.after(RETRY_MS, () => {
      this.#unsaved.delete(cancel);
      commit(store, clock, [this.changeOf(entry, entry.worker)]).then(
        // A conflict: somebody else has the word now, and memory has nothing to say any more.
        () => this.entries.delete(entry.worker.id),
        () => this.#saveLater(entry),
      );
    });
    this.#unsaved.add(cancel);
  }
}
