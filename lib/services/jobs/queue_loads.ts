/** How much there is in each queue, kept up with every change of a job. */

import { isActive, isEnded, type Job, queueOf, waitsOf } from "../../domain/job.ts";
import { noLoad, type QueueLoad } from "../../domain/queue.ts";
import type { JobContext } from "./context.ts";
import type { JobRegister } from "./register.ts";

export class QueueLoads {
  #loads = new Map<string, QueueLoad>();
  /** Jobs that use a slot of their queue: those that are active, and those that are just being started. */
  #placed = new Map<string, Set<number | symbol>>();

  constructor(private readonly context: JobContext, register: JobRegister) {
    register.onChange((job, _state, before) => this.#changed(job, before));
  }

  /** Counts what is there. */
  async open(): Promise<void> {
    this.#loads = await this.context.store.jobs.loads();
    for (const { value } of await this.context.store.jobs.active()) this.place(value);
  }

  /** Queues with jobs that have not ended. */
  names(): Iterable<string> {
    return this.#loads.keys();
  }

  /** Whether there may be a job that waits for another; false is certain. Answers without asking the store. */
  get anyWaits(): boolean {
    for (const { waiting, held } of this.#loads.values()) if (waiting + held > 0) return true;
    return false;
  }

  of(name: string): Readonly<QueueLoad> {
    return this.#loads.get(name) ?? noLoad();
  }

  /** How many of a queue's slots are taken. */
  placed(name: string): number {
    return this.#placed.get(name)?.size ?? 0;
  }

  /** Takes one of its queue's slots for a job. */
  place(job: Job): void {
    const name = queueOf(job);
    if (name !== null) this.#take(name, job.id);
  }

  /** Gives it back. */
  unplace(job: Job): void {
    this.#giveBack(queueOf(job) ?? "", job.id);
  }

  /** Takes a slot of a queue for a job that is yet to be made. Returns a function that gives it back. */
  reserve(name: string): () => void {
    const job = Symbol();
    this.#take(name, job);
    return () => this.#giveBack(name, job);
  }

  #take(name: string, job: number | symbol): void {
    const placed = this.#placed.get(name) ?? new Set();
    this.#placed.set(name, placed.add(job));
  }

  #giveBack(name: string, job: number | symbol): void {
    const placed = this.#placed.get(name);
    placed?.delete(job);
    if (placed?.size === 0) this.#placed.delete(name);
  }

  #changed(job: Job, before: Job | null): void {
    if (before) this.#add(before, -1);
    this.#add(job, 1);
    if (isActive(job)) this.place(job);
    else if (before && isActive(before)) this.unplace(before);
  }

  #add(job: Job, by: number): void {
    const name = queueOf(job);
    if (name === null || isEnded(job)) return;
    const load = this.#loads.get(name) ?? noLoad();
    load[kindOf(job)] += by;
    if (load.ready + load.waiting + load.held + load.running > 0) this.#loads.set(name, load);
    else this.#loads.delete(name);
  }
}

function kindOf(job: Job): keyof QueueLoad {
  if (isActive(job)) return "running";
  if (job.state === "paused") return "held";
  return waitsOf(job) ? "waiting" : "ready";
}
