/** Jobs (document 003): submit, look, control, forget. */

import { Problem } from "../../domain/errors.ts";
import { attemptOf, isActive, isEnded, type Job, type JobSpec, type JobState } from "../../domain/job.ts";
import { againSpec, type JobEdit } from "../../domain/job_edit.ts";
import { transition } from "../../domain/job_transition.ts";
import { DEFAULT_QUEUE } from "../../domain/queue.ts";
import type { Signal } from "../../domain/signal.ts";
import { KeyedLock } from "../keyed_lock.ts";
import type { SignalTarget } from "../ports/processes.ts";
import type { Change, JobQuery, Page } from "../ports/store.ts";
import type { Lease } from "../slots.ts";
import { Admission } from "./admission.ts";
import { Alarm } from "./alarm.ts";
import type { JobContext } from "./context.ts";
import { Dependencies } from "./dependencies.ts";
import { Editing } from "./editing.ts";
import { Leftovers } from "./leftovers.ts";
import { QueueLoads } from "./queue_loads.ts";
import { Queues } from "./queues.ts";
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
  /** The job that it repeats. */
  rerunOf?: number;
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
  readonly #loads: QueueLoads;
  readonly #dependencies: Dependencies;
  readonly #alarm: Alarm;
  readonly #admission: Admission;
  readonly #editing: Editing;
  /** What the queues are set to, and what there is in them. */
  readonly queues: Queues;
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
    // First to hear of a change, so that the others find it counted.
    this.#loads = new QueueLoads(context, this.#register);
    this.queues = new Queues(context, this.#loads);
    this.#scheduler = new Scheduler(context, this.#register, this.#supervisor, this.queues, this.#loads);
    this.#dependencies = new Dependencies(context, this.#register);
    this.#alarm = new Alarm(context, this.#register);
    this.#admission = new Admission(context, this.queues, this.#dependencies);
    this.#editing = new Editing(context, this.#register, this.queues, this.#admission, this.#dependencies);
    this.#signals = new JobSignals(this.#register, this.#supervisor);
    this.#leftovers = new Leftovers(context);
    // Whoever waits for a job is told how it ended before it goes.
    const isNeeded = ({ id }: Job) => this.#dependencies.has(id);
    this.#retention = retention &&
      new Retention(context, this.#register, this.#leftovers, { isNeeded, ...retention });
    this.results = new JobResults(context, this.#register, this.#leftovers);
    this.watching = new Watching(context, this.#register);
  }

  /** Takes up what an earlier server left, then begins to start what is queued. */
  async open(): Promise<void> {
    await this.#register.open();
    await this.#context.processes.removeBeyond(await this.#context.store.jobs.lastId());
    await this.queues.open();
    await this.#loads.open();
    await recoverJobs(this.#context, this.#register, this.#supervisor);
    this.#open = true;
    this.#dependencies.open();
    this.#alarm.open();
    this.#scheduler.open();
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
    this.#alarm.close();
    this.#dependencies.close();
    this.#supervisor.close();
    this.#retention?.close();
    this.#leftovers.close();
  }

  /** Jobs that wait for a slot, and for nothing else. */
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
   * Takes a job in: to start at once if it may, a slot is free and nobody waits for one, else into its queue. It is on
   * disk when this resolves. `repeated`: the same request made it before.
   * @throws {Problem} `invalid_request` for a queue or a job to come after that is not there, `queue_full`,
   * `idempotency_mismatch`, `shutting_down`, `storage_full`, `storage_failed`.
   */
  submit(spec: JobSpec, options: SubmitOptions = {}): Promise<{ job: Job; repeated: boolean }> {
    const { idempotency } = options;
    if (!idempotency) return this.#create(spec, options).then((job) => ({ job, repeated: false }));
    return this.#idempotent.run(idempotency.key, async () => {
      const first = await this.#context.store.jobs.byIdempotencyKey(idempotency.key);
      if (!first) return { job: await this.#create(spec, options), repeated: false };
      if (first.value.idempotency?.digest === idempotency.digest) return { job: first.value, repeated: true };
      throw new Problem(
        "idempotency_mismatch",
        `Idempotency-Key ${idempotency.key} was used for another request, which made job ${first.value.id}. ` +
          "Repeat that request as it was, or use a new key.",
        { members: { job_id: first.value.id } },
      );
    });
  }

  /**
   * Makes a new job that repeats another, whatever became of that: as soon as may be, and after nobody.
   * @throws {Problem} `not_found`, and whatever {@link submit} throws.
   */
  async rerun(id: number, options: SubmitOptions = {}): Promise<{ job: Job; repeated: boolean }> {
    return await this.submit(againSpec((await this.get(id)).spec), { ...options, rerunOf: id });
  }

  /**
   * Edits a job that has not begun.
   * @throws {Problem} `not_found`, `invalid_transition` once it has begun, `invalid_request`, `queue_full`.
   */
  edit(id: number, edit: JobEdit): Promise<Job> {
    return this.#editing.edit(id, edit);
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
    }), { others: changes });
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
    // Who waits for it is told first: afterwards nobody would know how it ended.
    await this.#dependencies.settle(id);
    await this.#register.remove(id, (job) => {
      if (!isEnded(job)) throw stillActive(job);
    });
    await this.#leftovers.remove(id, attemptOf(job));
  }

  async #end(job: Job): Promise<Job> {
    const stopping = isActive(job) && job.run.stop;
    if (!stopping) job = await this.#terminate(job.id);
    return isEnded(job) ? job : await this.waitEnd(job.id, new AbortController().signal);
  }

  /** Ends a job, unless it has just come to its end by itself or somebody else is ending it. */
  async #terminate(id: number): Promise<Job> {
    try {
      return await this.control(id, "terminated");
    } catch (error) {
      if (error instanceof Problem && error.code === "invalid_transition") return await this.get(id);
      throw error;
    }
  }

  async #create(spec: JobSpec, { idempotency, rerunOf }: SubmitOptions): Promise<Job> {
    this.#refuseWhenClosed();
    const now = this.#context.clock.now();
    return await this.#admission.admit(spec, ({ waits, full, checks, refused }) => {
      const queued = (id: number): Job => ({
        ...this.#facts(id, spec, now),
        ...(idempotency && { idempotency }),
        ...(rerunOf !== undefined && { rerunOf }),
        state: "queued",
        ...(waits && { waits }),
      });
      const create = (starts: boolean) =>
        this.#register.create(queued, {
          others: () => checks,
          refused,
          ...(starts && { then: (job) => transition(job, { type: "start" }, now) }),
        });
      return this.#scheduler.enter(spec.queue ?? DEFAULT_QUEUE, { waits: waits !== undefined, full }, create);
    });
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
