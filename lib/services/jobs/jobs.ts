/** Jobs (document 003): submit, look, control, forget. */

import { isEnded, type Job, type JobSpec, type JobState } from "../../domain/job.ts";
import { againSpec, type JobEdit, withSecrets } from "../../domain/job_edit.ts";
import type { Signal } from "../../domain/signal.ts";
import type { SignalTarget } from "../ports/processes.ts";
import type { JobQuery, Page } from "../ports/store.ts";
import { FULL_ACCESS, type JobAccess } from "./access.ts";
import { Admission } from "./admission.ts";
import { Alarm } from "./alarm.ts";
import type { JobContext } from "./context.ts";
import { assertGivenAgain, JobSecrets } from "./job_secrets.ts";
import { Dependencies } from "./dependencies.ts";
import { Editing } from "./editing.ts";
import { Leftovers } from "./leftovers.ts";
import { QueueLoads } from "./queue_loads.ts";
import { Queues } from "./queues.ts";
import { recoverJobs } from "./recovery.ts";
import { JobRegister } from "./register.ts";
import { Removal } from "./removal.ts";
import { type Resources, resourcesOf } from "./resources.ts";
import { JobResults } from "./results.ts";
import { Retention, type RetentionOptions } from "./retention.ts";
import { Scheduler } from "./scheduler.ts";
import { JobSignals } from "./signalling.ts";
import { Submission, type SubmitOptions, type WorkerSubmit } from "./submission.ts";
import { Supervisor } from "./supervisor.ts";
import { Watching } from "./watching/watching.ts";

/** What a caller may ask a job to become. */
export type Wish = "paused" | "running" | "terminated";

export class Jobs {
  readonly #context: JobContext;
  readonly #register: JobRegister;
  readonly #secrets: JobSecrets;
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
  readonly #submission: Submission;
  readonly #removal: Removal;

  /** `retention`: what to keep of the history; everything when it is not there. */
  constructor(context: JobContext, retention?: RetentionOptions) {
    this.#context = context;
    this.#register = new JobRegister(context);
    this.#secrets = new JobSecrets(context);
    this.#supervisor = new Supervisor(context, this.#register, this.#secrets);
    // First to hear of a change, so that the others find it counted.
    this.#loads = new QueueLoads(context, this.#register);
    this.queues = new Queues(context, this.#loads);
    this.#scheduler = new Scheduler(context, this.#register, this.#supervisor, this.queues, this.#loads);
    this.#dependencies = new Dependencies(context, this.#register, this.#loads);
    this.#alarm = new Alarm(context, this.#register);
    this.#admission = new Admission(context, this.queues, this.#dependencies);
    this.#editing = new Editing(context, this.#register, this.queues, this.#admission, this.#dependencies);
    this.#signals = new JobSignals(this.#register, this.#supervisor);
    this.#leftovers = new Leftovers(context);
    // Whoever waits for a job is told how it ended before it goes.
    const isNeeded = ({ id }: Job) => this.#dependencies.has(id);
    this.#retention = retention &&
      new Retention(context, this.#register, this.#leftovers, { isNeeded, ...retention });
    this.#submission = new Submission(
      context,
      this.#register,
      this.#admission,
      this.#scheduler,
      this.#supervisor,
      this.#secrets,
    );
    this.#removal = new Removal(
      this.#register,
      this.#dependencies,
      this.#leftovers,
      (id) => this.control(id, "terminated"),
    );
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
    await this.#context.processes.tidy();
    // Now it is known which jobs had begun.
    await this.#secrets.open(this.#register);
    this.#submission.open();
    this.#dependencies.open();
    this.#alarm.open();
    this.#scheduler.open();
    this.#leftovers.open();
    this.#retention?.open();
  }

  /** Takes and starts no more jobs. Those that run go on and are still written down when they end. */
  drain(): void {
    this.#submission.close();
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
    return this.#submission.submit(spec, options);
  }

  /** Makes a job that starts at once in a worker's slot. @throws {Problem} `worker_used`, `shutting_down`. */
  submitInWorker(spec: JobSpec, submit: WorkerSubmit): Promise<Job> {
    return this.#submission.inWorker(spec, submit);
  }

  /**
   * Makes a new job that repeats another, whatever became of that: as soon as may be, and after nobody.
   * @throws {Problem} `not_found`, `secrets_gone`, what `access` refuses, and whatever {@link submit} throws.
   */
  async rerun(
    id: number,
    { access = FULL_ACCESS, ...options }: SubmitOptions & { access?: JobAccess } = {},
  ): Promise<{ job: Job; repeated: boolean }> {
    const job = await this.get(id);
    access.touch(job);
    assertGivenAgain(job, options.secrets);
    const spec = withSecrets(againSpec(job.spec), options.secrets);
    return await this.submit(access.bind(spec), { ...options, rerunOf: id });
  }

  /**
   * Edits a job that has not begun.
   * @throws {Problem} `not_found`, `invalid_transition` once it has begun, `invalid_request`, `queue_full`.
   */
  edit(id: number, edit: JobEdit, access?: JobAccess): Promise<Job> {
    return this.#editing.edit(id, edit, access);
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
    const usage = isEnded(job) ? null : this.#supervisor.usage(job.id);
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
  remove(id: number, options: { terminate: boolean }): Promise<void> {
    return this.#removal.remove(id, options);
  }
}
