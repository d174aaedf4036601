/**
 * Ties workers to the jobs that run in them. What changes such a worker is a change of its job: the two are written in
 * one commit, and neither is ever seen without the other.
 */

import { changeWorker, type Worker } from "../../domain/worker.ts";
import type { Job } from "../../domain/job.ts";
import type { Change } from "../ports/store.ts";
import type { Lease } from "../slots.ts";
import type { WorkersContext } from "./context.ts";
import { workerFactsOf, workerStateOf } from "./job_mirror.ts";
import type { LiveWork } from "./live_work.ts";
import { usableWorker } from "./lookup.ts";
import type { Entry, WorkerRegister } from "./register.ts";

/** What a new job needs to run in a worker's slot. */
export interface JobClaim {
  workerId: string;
  /** The worker's slot, to be released when the job's processes are gone. */
  lease: Lease;
  /** To be committed together with the new job. */
  changes(job: Job): Change[];
}

/** Commands and figures of jobs, by job id. */
export interface JobControl {
  control(jobId: number, wish: "paused" | "running" | "terminated"): Promise<unknown>;
  /** Bytes of output so far. */
  outputBytes(jobId: number): Promise<number>;
}

export class JobCompanion {
  #control?: JobControl;

  constructor(private readonly context: WorkersContext, private readonly register: WorkerRegister) {}

  /** To be called once, before any job runs in a worker. */
  connect(control: JobControl): void {
    this.#control = control;
  }

  /**
   * Uses a reservation for a job, which `submit` has to commit together with the claim's changes.
   * @throws {Problem} `worker_unknown`, `worker_expired`, `worker_used`, and whatever `submit` throws: the reservation
   * stays usable then.
   */
  use(id: string, submit: (claim: JobClaim) => Promise<Job>): Promise<Job> {
    return this.register.lock.run(id, async () => {
      const entry = await usableWorker(this.context, this.register, id);
      const started = (job: Job): Worker =>
        changeWorker(entry.worker, "running", { kind: "job", started: this.context.clock.now(), jobId: job.id });
      const job = await submit({
        workerId: id,
        lease: entry.lease,
        changes: (job) => [this.register.changeOf(entry, started(job))],
      });
      // Unless it has moved on, and {@link committed} has heard of that.
      if (entry.worker.state === "reserved") this.register.took(entry, started(job), entry.version);
      if (this.register.entries.has(id)) this.attach(entry, job.id);
      return job;
    });
  }

  /** Lets a worker's commands go to its job. */
  attach(entry: Entry, jobId: number): void {
    entry.cancelExpiry?.();
    entry.live = this.#live(jobId);
  }

  /** Of {@link Companion}: the worker's part of a job's commit. */
  async changesWith(next: Job): Promise<Change[]> {
    const found = next.workerId && await this.context.store.workers.get(next.workerId);
    if (!found || found.value.jobId !== next.id) return [];
    const { value, version } = found;
    const state = workerStateOf(next);
    if (state === value.state) return [];
    const worker = changeWorker(value, state, workerFactsOf(next));
    return [{ kind: "worker", id: worker.id, expect: { is: "version", oneOf: [version] }, value: worker }];
  }

  /** Of {@link Companion}: what {@link changesWith} gave is on disk. */
  committed(next: Job): void {
    const entry = this.register.entries.get(next.workerId ?? "");
    const state = workerStateOf(next);
    if (!entry || (entry.worker.jobId ?? next.id) !== next.id || state === entry.worker.state) return;
    const { worker, version } = entry;
    // A job may end before the claim that began it has returned; then this is the first that is heard of it.
    const begun = { kind: "job" as const, jobId: next.id, started: worker.started ?? this.context.clock.now() };
    this.register.took(entry, { ...worker, ...begun, ...workerFactsOf(next), state }, version);
  }

  #live(jobId: number): LiveWork {
    const send = async (wish: "paused" | "running" | "terminated") => {
      if (!this.#control) throw new Error("No job engine was connected to the workers.");
      await this.#control.control(jobId, wish);
    };
    return {
      pause: () => send("paused"),
      resume: () => send("running"),
      terminate: () => send("terminated"),
      bytes: () => this.#control?.outputBytes(jobId) ?? 0,
    };
  }
}
