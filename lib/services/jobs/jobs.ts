/** Jobs (document 003): submit, look, control, forget. */

import { Problem } from "../../domain/errors.ts";
import { isActive, isEnded, type Job, type JobSpec, type JobState } from "../../domain/job.ts";
import { transition } from "../../domain/job_transition.ts";
import type { Signal } from "../../domain/signal.ts";
import { KeyedLock } from "../keyed_lock.ts";
import type { SignalTarget } from "../ports/processes.ts";
import type { Change, JobQuery, Page } from "../ports/store.ts";
import type { Lease } from "../slots.ts";
import type { JobContext } from "./context.ts";
import { Leftovers } from "./leftovers.ts";
import { recoverJobs } from "./recovery.ts";
import { JobRegister } from "./register.ts";
import { type Resources, resourcesOf } from "./resources.ts";
import { JobResults } from "./results.ts";
import { Retention, type RetentionOptions } from "./retention.ts";
import { Scheduler } from "./scheduler.ts";
import { JobSignals } from "./signalling.ts";
import { Supervisor } from "./supervisor.ts";
import { Watching } from "./watching/watching.ts";

export interface SubmitOptions {
  /** The client's `Idempotency-Key` and a digest of what it asked for. */
  idempotency?: { key: string; digest: string };
}

/** A job bound to a worker slot: starts at once, in that slot. */
export interface WorkerSubmit {
  workerId: string;
  lease: Lease;
  /** Committed together with the new job, which is passed in. */
  changes(job: Job): Change[];
}

/** What a caller may ask a job to become. */
export type Wish = "paused" | "running" | "terminated";

export class Jobs {
  readonly #context: JobContext;
  readonly #register: JobRegister;
  readonly #supervisor: Supervisor;
  readonly #scheduler: Scheduler;
  readonly #signals: JobSignals;
  /** What jobs print and what comes of them. */
  readonly results: JobResults;
  readonly #leftovers: Leftovers;
  readonly #retention: Retention | undefined;
  /** Looking at what jobs print while they print it. */
  readonly watching: Watching;
  readonly #idempotent = new KeyedLock<string>();
  #open = false;

  /** `retention`: what to keep of the history; everything when it is not there. */
  constructor(context: JobContext, retention?: RetentionOptions) {
    this.#context = context;
    this.#register = new JobRegister(context);
    this.#supervisor = new Supervisor(context, this.#register);
    this.#scheduler = new Scheduler(context, this.#register, this.#supervisor);
    this.#signals = new JobSignals(this.#register, this.#supervisor);
    this.#leftovers = new Leftovers(context);
    this.#retention = retention && new Retention(context, this.#register, this.#leftovers, retention);
    this.results = new JobResults(context, this.#register, this.#leftovers);
    this.watching = new Watching(context, this.#register);
  }

  /** Takes up what an earlier server left, then begins to start what is queued. */
  async open(): Promise<void> {
    await this.#register.open();
    await this.#context.processes.removeBeyond(await this.#context.store.jobs.lastId());
    await recoverJobs(this.#context, this.#register, this.#supervisor);
    this.#open = true;
    await this.#scheduler.open();
    this.#leftovers.open();
    this.#retention?.open();
  }

  /** Takes and starts no more jobs. Those that run go on and are still written down when they end. */
  drain(): void {
    this.#open = false;
    this.#scheduler.close();
  }

  /** Stops watching the jobs; they go on, and the next server takes them up. */
  close(): void {
    this.drain();
    this.#supervisor.close();
    this.#retention?.close();
    this.#leftovers.close();
  }

  /** Jobs that wait for a slot. */
  get waiting(): number {
    return this.#scheduler.waiting;
  }

  /** Whether the queue will take every slot that is free now, so that nobody else may. */
  get needsAllSlots(): boolean {
    return this.#scheduler.needsAllSlots;
  }

  /** Calls `listener` after every committed change of a job. */
  onChange(listener: (job: Job, before: JobState | null) => void): void {
    this.#register.onChange(listener);
  }

  /**
   * Takes a job in: to start at once if a slot is free and nobody waits for one, else into the queue. It is on disk when
   * this resolves. `repeated`: the same request made it before.
   * @throws {Problem} `idempotency_mismatch`, `shutting_down`, `storage_full`, `storage_failed`.
   */
  submit(spec: JobSpec, { idempotency }: SubmitOptions = {}): Promise<{ job: Job; repeated: boolean }> {
    if (!idempotency) return this.#create(spec).then((job) => ({ job, repeated: false }));
    return this.#idempotent.run(idempotency.key, async () => {
      const first = await this.#context.store.jobs.byIdempotencyKey(idempotency.key);
      if (!first) return { job: await this.#create(spec, idempotency), repeated: false };
      if (first.value.idempotency?.digest === idempotency.digest) return { job: first.value, repeated: true };
      throw new Problem(
        "idempotency_mismatch",
        `Idempotency-Key ${idempotency.key} was used for another request, which made job ${first.value.id}. ` +
          "Repeat that request as it was, or use a new key.",
        { members: { job_id: first.value.id } },
      );
    });
  }

  /** Makes a job that starts at once in a worker's slot. */
  async submitInWorker(spec: JobSpec, { workerId, lease, changes }: WorkerSubmit): Promise<Job> {
    this.#refuseWhenClosed();
    const now = this.#context.clock.now();
    const job = await this.#register.create((id): Job => ({
      ...this.#facts(id, spec, now),
      workerId,
      state: "running",
      run: { started: now, pausedMs: 0 },
    }), changes);
    this.#supervisor.begin(job, lease);
    return job;
  }

  /** @throws {Problem} `not_found`. */
  async get(id: number): Promise<Job> {
    return (await this.#register.get(id)).value;
  }

  /** @throws {Problem} `invalid_request` for a cursor that is none. */
  async list(query: JobQuery): Promise<Page<Job>> {
    const page = await this.#context.store.jobs.list(query);
    return { ...page, items: page.items.map(({ value }) => value) };
  }

  /** What a job took of the machine, or has taken so far. */
  async resources(job: Job): Promise<Resources> {
    const usage = isEnded(job) ? null : await this.#supervisor.usage(job.id);
    return await resourcesOf(job, usage, this.#context.processes);
  }

  counts(): Promise<Record<JobState, number>> {
    return this.#context.store.jobs.counts();
  }

  /**
   * Pauses, resumes or terminates a job. Terminating answers when the wish is on disk, not when all processes are gone.
   * @throws {Problem} `not_found`, `invalid_transition`.
   */
  async control(id: number, wish: Wish): Promise<Job> {
    switch (wish) {
      case "paused":
        return await this.#register.change(id, { type: "pause" }, (job) => this.#supervisor.pause(job.id));
      case "running":
        return await this.#register.change(id, { type: "resume" }, (job) => this.#supervisor.resume(job));
      case "terminated":
        return await this.#register.change(
          id,
          { type: "stop", reason: "terminated" },
          (job) => Promise.resolve(this.#supervisor.stop(job)),
        );
    }
  }

  /** Sends a signal to a job that has processes: see {@link JobSignals}. */
  signal(id: number, signal: Signal, to: SignalTarget): Promise<Job> {
    return this.#signals.send(id, signal, to);
  }

  /** Resolves with the job once it has ended, or as it is when the signal aborts. */
  waitEnd(id: number, signal: AbortSignal): Promise<Job> {
    return this.#register.waitEnd(id, signal);
  }

  /**
   * Removes a job, its result and its output. With `terminate` one that still runs is ended first.
   * @throws {Problem} `not_found`, `still_active`.
   */
  async remove(id: number, { terminate }: { terminate: boolean }): Promise<void> {
    let job = await this.get(id);
    if (isActive(job) && !terminate) throw stillActive(job);
    if (!isEnded(job)) job = await this.#end(job);
    await this.#register.remove(id, (job) => {
      if (!isEnded(job)) throw stillActive(job);
    });
    await this.#leftovers.remove(id);
  }

  async #end(job: Job): Promise<Job> {
    const stopping = isActive(job) && job.run.stop;
    if (!stopping) job = await this.control(job.id, "terminated");
    return isEnded(job) ? job : await this.waitEnd(job.id, new AbortController().signal);
  }

  #create(spec: JobSpec, idempotency?: SubmitOptions["idempotency"]): Promise<Job> {
    this.#refuseWhenClosed();
    const now = this.#context.clock.now();
    const queued = (id: number): Job => ({
      ...this.#facts(id, spec, now),
      ...(idempotency && { idempotency }),
      state: "queued",
    });
    return this.#scheduler.enter((starts) =>
      this.#register.create((id) => starts ? transition(queued(id), { type: "start" }, now) : queued(id))
    );
  }

  #facts(id: number, spec: JobSpec, created: number) {
    return { id, spec, created, cookie: crypto.randomUUID() };
  }

  #refuseWhenClosed(): void {
    if (this.#open) return;
    throw new Problem("shutting_down", "The server is stopping and takes no more jobs.", { retryAfter: 5 });
  }
}

function stillActive(job: Job): Problem {
  return new Problem(
    "still_active",
    `Job ${job.id} is ${job.state}. Terminate it first, or add ?terminate=true to do both.`,
    { members: { state: job.state } },
  );
}
