/** Worker slots (document 002): reserve one, use it once for an upload, a download or a job, watch and control that. */

import { Problem } from "../../domain/errors.ts";
import { type FinalWorkerState, isFinalWorker, type Worker, type WorkerKind } from "../../domain/worker.ts";
import { tooMany } from "../../shares.ts";
import type { Change } from "../ports/store.ts";
import type { Slots } from "../slots.ts";
import type { WorkersContext } from "./context.ts";
import { drainTransfers } from "./drain.ts";
import { forgetEnded } from "./forgetting.ts";
import { JobCompanion } from "./job_companion.ts";
import type { LiveWork } from "./live_work.ts";
import { findWorker, usableWorker, used } from "./lookup.ts";
import { modifyWorker, type WorkerWish } from "./modify.ts";
import { recoverWorkers } from "./recovery.ts";
import { type Entry, WorkerRegister } from "./register.ts";
import { statusOf, type WorkerStatus } from "./worker_status.ts";

/** Seconds after which asking for a slot again makes sense, when nobody can know. */
const RETRY_AFTER = 5;

/** 144 random bits: 24 characters without padding. */
const ID_BYTES = 18;

/** What the end of a piece of work leaves to be put down. */
export type EndFacts = Partial<Pick<Worker, "bytes" | "sha256" | "error" | "file" | "total">>;

export class Workers {
  /** Ties workers to the jobs that run in them. */
  readonly jobs: JobCompanion;
  readonly #register: WorkerRegister;
  #draining = false;
  /** Owners of reservations that are being written down. */
  readonly #reserving: (string | undefined)[] = [];
  #stopForgetting: () => void = () => {};

  constructor(private readonly context: WorkersContext) {
    this.#register = new WorkerRegister(context);
    this.jobs = new JobCompanion(context, this.#register);
  }

  /**
   * Takes up what an earlier server left, and begins to forget what is over for long. To be called once, before the job
   * engine takes up its jobs.
   */
  async open(): Promise<void> {
    const recovered = await recoverWorkers(this.context, this.#register, this.jobs);
    for (const entry of recovered) this.#armExpiry(entry);
    this.#stopForgetting = forgetEnded(this.context);
  }

  /**
   * Takes a slot. Never waits. `owner` may have `most` reservations at once that it does not use.
   * @throws {Problem} `too_many_open`, `no_slot` when none is free or queued jobs will take it, `shutting_down`, `storage_full`, `storage_failed`.
   */
  async reserve({ owner, most = Infinity }: { owner?: string; most?: number } = {}): Promise<WorkerStatus> {
    this.#refuseWhenDraining();
    this.#refuseMore(owner, most);
    const { slots, clock, ttlMs, queueIsWaiting } = this.context;
    const lease = queueIsWaiting?.() ? undefined : slots.take();
    if (!lease) {
      throw new Problem(
        "no_slot",
        `All ${slots.limit} slots are taken. Try again in a while, or see GET /api/statuses for what is running.`,
        { retryAfter: RETRY_AFTER },
      );
    }
    this.#reserving.push(owner);
    try {
      const now = clock.now();
      const entry = await this.#register.create(
        { ...newWorker(now, ttlMs), ...(owner !== undefined && { owner }) },
        lease,
      );
      this.#armExpiry(entry);
      return await statusOf(entry.worker, undefined, now);
    } catch (error) {
      lease.release();
      throw error;
    } finally {
      this.#reserving.splice(this.#reserving.indexOf(owner), 1);
    }
  }

  #refuseMore(owner: string | undefined, most: number): void {
    if (owner === undefined || most === Infinity) return;
    const reserved = [...this.#register.entries.values()]
      .filter(({ worker }) => worker.state === "reserved" && worker.owner === owner);
    const coming = this.#reserving.filter((other) => other === owner);
    if (reserved.length + coming.length < most) return;
    throw tooMany({ most, what: "worker slots are reserved", option: "--max-reservations" });
  }

  /** @throws {Problem} `worker_unknown`, `worker_expired`. */
  async status(id: string): Promise<WorkerStatus> {
    const { worker, entry } = await findWorker(this.context, this.#register, id);
    return await statusOf(worker, entry?.live, this.context.clock.now());
  }

  /** How much goes on at once, jobs of the queues included. */
  get slots(): Pick<Slots, "limit" | "used"> {
    return this.context.slots;
  }

  /** All that have not ended, oldest first. */
  async active(): Promise<WorkerStatus[]> {
    const now = this.context.clock.now();
    const entries = [...this.#register.entries.values()].filter(({ worker }) => !isFinalWorker(worker));
    return await Promise.all(entries.map(({ worker, live }) => statusOf(worker, live, now)));
  }

  /**
   * Lets a worker pause, go on or end. Ending answers at once: `terminating` while a job's processes are still there.
   * @throws {Problem} `worker_unknown`, `worker_expired`, `invalid_transition`.
   */
  async modify(id: string, wish: WorkerWish): Promise<WorkerStatus> {
    await modifyWorker(this.context, this.#register, id, wish);
    return await this.status(id);
  }

  /**
   * Refuses a worker that cannot be used now, before anything is read of what it is to be used for.
   * @throws {Problem} `worker_unknown`, `worker_expired`, `worker_used`, `shutting_down`.
   */
  async check(id: string): Promise<void> {
    this.#refuseWhenDraining();
    await usableWorker(this.context, this.#register, id);
  }

  /**
   * Uses a reservation for a transfer: of two who try at once, one does. From here on the transfer has to {@link finish}.
   * `together`: what is committed along.
   * @throws {Problem} `worker_unknown`, `worker_expired`, `worker_used`, `shutting_down`, `storage_full`, `storage_failed`.
   */
  begin(
    id: string,
    kind: Exclude<WorkerKind, "job">,
    live: LiveWork,
    facts: Partial<Pick<Worker, "bytes" | "file" | "total">> = {},
    together: Change[] = [],
  ): Promise<void> {
    return this.#register.lock.run(id, async () => {
      await this.check(id);
      const entry = await usableWorker(this.context, this.#register, id);
      const started = this.context.clock.now();
      const outcome = await this.#register.change(entry, "running", { ...facts, kind, started }, together);
      if (!outcome.done) {
        if (outcome.conflict === "together") throw new Error(`Worker ${id} is too late: something has changed.`);
        throw used({ ...entry.worker, state: "running", kind });
      }
      entry.cancelExpiry?.();
      entry.live = live;
    });
  }

  /**
   * Completes a transfer together with what it leaves behind. `over`: it has ended otherwise meanwhile; `conflict`: what
   * was to be committed along did not find what it expected, and the transfer goes on.
   * @throws {Problem} `storage_full`, `storage_failed`; the transfer goes on.
   */
  complete(id: string, facts: EndFacts, together: Change[] = []): Promise<"completed" | "over" | "conflict"> {
    return this.#register.lock.run(id, async () => {
      const entry = this.#active(id);
      if (!entry) return "over";
      const ended = this.context.clock.now();
      const outcome = await this.#register.change(entry, "completed", { ...facts, ended }, together);
      if (outcome.done) return "completed";
      return outcome.conflict === "worker" ? "over" : "conflict";
    });
  }

  /**
   * Puts down that a transfer has ended; does nothing when it has already. Its slot is free afterwards, even if the disk
   * does not take the news at once.
   */
  finish(id: string, state: Exclude<FinalWorkerState, "expired">, facts: EndFacts = {}): Promise<void> {
    return this.#register.lock.run(id, async () => {
      const entry = this.#active(id);
      if (entry) await this.#register.end(entry, state, { ...facts, ended: this.context.clock.now() });
    });
  }

  /** Gives out and begins nothing more; lets transfers finish for at most `ms` milliseconds, then breaks them off. */
  async drain(ms: number): Promise<void> {
    this.#draining = true;
    await drainTransfers(this.context, this.#register, ms);
  }

  /** Lets go of all timers. What is on disk stays as it is. */
  close(): void {
    this.#draining = true;
    this.#stopForgetting();
    this.#register.close();
  }

  /** A worker whose work is under way. */
  #active(id: string): Entry | undefined {
    const entry = this.#register.entries.get(id);
    return entry?.live ? entry : undefined;
  }

  #armExpiry(entry: Entry): void {
    const { id, expires } = entry.worker;
    entry.cancelExpiry = this.context.clock.after(expires - this.context.clock.now(), () => {
      this.#register.lock.run(id, async () => {
        if (entry.worker.state === "reserved") await this.#register.end(entry, "expired", { ended: expires });
      });
    });
  }

  #refuseWhenDraining(): void {
    if (!this.#draining) return;
    throw new Problem("shutting_down", "The server is shutting down and begins nothing more.", {
      retryAfter: RETRY_AFTER,
    });
  }
}

/** In base64url (RFC 4648), and never like an option of a command: `stint kill -Q…` would be taken for one. */
function newId(): string {
  const random = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  const id = btoa(String.fromCharCode(...random)).replaceAll("+", "-").replaceAll("/", "_");
  return id.startsWith("-") ? newId() : id;
}

function newWorker(now: number, ttlMs: number): Worker {
  return {
    id: newId(),
    state: "reserved",
    created: now,
    expires: now + ttlMs,
    kind: null,
    started: null,
    ended: null,
    bytes: 0,
    total: null,
    file: null,
    jobId: null,
    sha256: null,
    error: null,
  };
}
