/**
 * The only place through which jobs change: reads, moves by {@link transition}, commits, and tells whoever waits.
 * Changes of one job are made one after the other.
 */

import { Problem } from "../../domain/errors.ts";
import { isEnded, type Job, type JobState } from "../../domain/job.ts";
import { type JobEvent, transition } from "../../domain/job_transition.ts";
import { commit } from "../commit.ts";
import { KeyedLock } from "../keyed_lock.ts";
import { type Faults, noFaults } from "../ports/faults.ts";
import type { Change, Conflict, Versioned } from "../ports/store.ts";
import type { JobContext } from "./context.ts";
import { FreshJobs } from "./fresh_jobs.ts";

/** Hears of a committed change of a job: its state, and all of it, as they were before; null for a new job. */
export type Listener = (job: Job, state: JobState | null, before: Job | null) => void;

/** What has to be on disk before a job is, and goes again where the job does not come about. */
export interface Keeping {
  put(id: number): Promise<void>;
  drop(id: number): Promise<void>;
}

export interface CreateOptions {
  keeping?: Keeping;
  others?: (job: Job) => Change[];
  refused?: (conflict: Conflict) => Problem;
  then?: (job: Job) => Job;
}

export class JobRegister {
  #lock = new KeyedLock<number>();
  #waiters = new Map<number, Set<(job: Job) => void>>();
  #listeners: Listener[] = [];
  #lastId = 0;
  readonly #faults: Faults;
  readonly #fresh = new FreshJobs();

  constructor(private readonly context: JobContext) {
    this.#faults = context.faults ?? noFaults;
  }

  /** To be called once, before anything else. */
  async open(): Promise<void> {
    this.#lastId = await this.context.store.jobs.lastId();
  }

  /** Calls `listener` after every committed change. */
  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /**
   * Puts a new job on disk. `make` gets its id; `others` go into the same commit, and so does the step that `then`, if it
   * is given, takes with the new job. `refused` says what it means when one of the others does not find what it expects.
   */
  async create(
    make: (id: number) => Job,
    { others = () => [], refused = workerUsed, then, keeping }: CreateOptions = {},
  ): Promise<Job> {
    for (;;) {
      const made = make(++this.#lastId);
      const job = then?.(made) ?? made;
      const through = then ? [made] : [];
      this.#faults.reach(`new>${job.state} decided`, job.id);
      await keeping?.put(job.id);
      const outcome = await commit(this.context.store, this.context.clock, [
        { kind: "job", id: job.id, expect: { is: "absent" }, value: job, through },
        ...others(job),
      ]).catch(async (error) => {
        await keeping?.drop(job.id);
        throw error;
      });
      if ("applied" in outcome) {
        this.#faults.reach(`new>${job.state} committed`, job.id);
        this.#fresh.keep({ value: job, version: outcome.applied[0]!.version });
        this.#tell(made, null);
        if (then) this.#tell(job, made);
        return job;
      }
      await keeping?.drop(job.id);
      const other = outcome.conflicts.find((conflict) => conflict.index > 0);
      if (other) throw refused(other);
      // Somebody else gave out this id: take up where they are.
      this.#lastId = Math.max(this.#lastId, await this.context.store.jobs.lastId());
    }
  }

  /** @throws {Problem} `not_found`. */
  async get(id: number): Promise<Versioned<Job>> {
    const found = this.#fresh.get(id) ?? await this.context.store.jobs.get(id);
    if (!found) throw noSuchJob(id);
    return found;
  }

  /**
   * Moves a job and commits it. `act` runs before the next change of that job may begin, so that what is done to its
   * processes happens in the order of the states.
   * @throws {Problem} `not_found`, `invalid_transition`, `storage_full`, `storage_failed`.
   */
  change(id: number, event: JobEvent | ((job: Job) => JobEvent), act?: (next: Job) => Promise<void>): Promise<Job> {
    return this.#lock.run(id, async () => {
      const { before, next } = await this.#commit(id, (job) =>
        transition(
          job,
          typeof event === "function" ? event(job) : event,
          this.context.clock.now(),
        ));
      this.#tell(next, before);
      await act?.(next);
      this.#faults.reach(`${before.state}>${next.state} acted`, id);
      return next;
    });
  }

  /** Does something with a job while nobody changes it. @throws {Problem} `not_found`. */
  within(id: number, action: (job: Job) => Promise<void>): Promise<Job> {
    return this.#lock.run(id, async () => {
      const { value } = await this.get(id);
      await action(value);
      return value;
    });
  }

  /** Marks the result of a job that has ended as deleted. */
  hideResult(id: number): Promise<Job> {
    return this.#lock.run(id, async () => {
      const { next } = await this.#commit(id, (job) => {
        if (isEnded(job)) return { ...job, resultDeleted: true };
        throw new Problem("not_found", `Job ${id} has no result yet: it is ${job.state}.`);
      });
      return next;
    });
  }

  /** Removes a job for which `allowed` does not throw. */
  remove(id: number, allowed: (job: Job) => void): Promise<void> {
    return this.#lock.run(id, async () => {
      for (;;) {
        const { value, version } = await this.get(id);
        allowed(value);
        this.#faults.reach(`${value.state}>removed decided`, id);
        const outcome = await commit(this.context.store, this.context.clock, [
          { kind: "job", id, expect: { is: "version", oneOf: [version] }, value: null },
        ]);
        this.#fresh.drop(id);
        if (!("applied" in outcome)) continue;
        this.#faults.reach(`${value.state}>removed committed`, id);
        return;
      }
    });
  }

  /** Resolves with the job once it has ended, or as it is when the signal aborts. */
  async waitEnd(id: number, signal: AbortSignal): Promise<Job> {
    let heard: ((job: Job) => void) | undefined;
    const told = new Promise<Job>((resolve) => heard = resolve);
    const waiters = this.#waiters.get(id) ?? new Set();
    this.#waiters.set(id, waiters.add(heard!));
    const left = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    try {
      // Listening first and looking then: an end in between is not missed.
      const { value } = await this.get(id);
      if (isEnded(value)) return value;
      return await Promise.race([told, left.then(async () => (await this.get(id)).value)]);
    } finally {
      waiters.delete(heard!);
      if (waiters.size === 0) this.#waiters.delete(id);
    }
  }

  async #commit(id: number, change: (job: Job) => Job): Promise<{ before: Job; next: Job }> {
    const { store, clock, companion } = this.context;
    for (;;) {
      const { value, version } = await this.get(id);
      const next = change(value);
      const others = next.workerId && companion ? await companion.changesWith(next) : [];
      this.#faults.reach(`${value.state}>${next.state} decided`, id);
      const outcome = await commit(store, clock, [
        { kind: "job", id, expect: { is: "version", oneOf: [version] }, value: next },
        ...others,
      ]);
      if ("applied" in outcome) {
        this.#faults.reach(`${value.state}>${next.state} committed`, id);
        this.#fresh.keep({ value: next, version: outcome.applied[0]!.version });
        if (next.workerId) companion?.committed(next);
        return { before: value, next };
      }
      this.#fresh.drop(id);
    }
  }

  #tell(job: Job, before: Job | null): void {
    for (const listener of this.#listeners) listener(job, before?.state ?? null, before);
    if (!isEnded(job)) return;
    for (const heard of this.#waiters.get(job.id) ?? []) heard(job);
  }
}

export function noSuchJob(id: number): Problem {
  return new Problem("not_found", `There is no job ${id}. GET /api/jobs lists what there is.`);
}

function workerUsed(): Problem {
  return new Problem("worker_used", "The worker has been used, or has expired, in this very moment.");
}
