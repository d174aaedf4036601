/** Decides what starts when: queued jobs by priority, then in the order in which they came, as slots come free. */

import { Problem } from "../../domain/errors.ts";
import type { Job, JobState } from "../../domain/job.ts";
import type { Lease } from "../slots.ts";
import type { JobContext } from "./context.ts";
import type { JobRegister } from "./register.ts";
import type { Supervisor } from "./supervisor.ts";

/** How long to wait before trying again to start what the disk did not let start. */
const RETRY_MS = 1000;

export class Scheduler {
  /** Jobs in the queue, without those that are held there. */
  #waiting = 0;
  /** Jobs on their way into it. */
  #entering = 0;
  #starting = new Set<number>();
  #pumping = false;
  #again = false;
  #open = false;

  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    private readonly supervisor: Supervisor,
  ) {
    register.onChange((job, before) => this.#count(job.state, before));
    context.slots.onRelease(() => this.kick());
  }

  /** Begins to start jobs. */
  async open(): Promise<void> {
    this.#waiting = (await this.context.store.jobs.counts()).queued;
    this.#open = true;
    this.kick();
  }

  /** Starts no more. */
  close(): void {
    this.#open = false;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Whether the queue will take every slot that is free now. */
  get needsAllSlots(): boolean {
    return this.#waiting > 0 && this.#waiting >= this.context.slots.free;
  }

  /**
   * Puts a new job on disk with `create`, which is told whether it starts at once: when a slot is free and nobody waits
   * for one. Being queued and being started are one commit then, and the start still follows it.
   */
  async enter(create: (starts: boolean) => Promise<Job>): Promise<Job> {
    const lease = this.#open && this.#waiting + this.#entering === 0 ? this.context.slots.take() : undefined;
    if (lease) return await this.#enterRunning(create, lease);
    this.#entering++;
    try {
      return await create(false);
    } finally {
      this.#entering--;
    }
  }

  async #enterRunning(create: (starts: boolean) => Promise<Job>, lease: Lease): Promise<Job> {
    try {
      const job = await create(true);
      this.supervisor.begin(job, lease);
      return job;
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** Looks whether something can start. Cheap, and harmless when nothing can. */
  kick(): void {
    if (!this.#open || this.#waiting === 0 || this.context.slots.free === 0) return;
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    this.#pump().catch((error) => {
      this.context.onError("The queue could not be read; trying again", error);
      this.context.clock.after(RETRY_MS, () => this.kick());
    }).finally(() => this.#pumping = false);
  }

  async #pump(): Promise<void> {
    while (this.#again && this.#open) {
      this.#again = false;
      const free = this.context.slots.free;
      if (free === 0) return;
      const queue = await this.context.store.jobs.queue(free + this.#starting.size);
      for (const { value: job } of queue) {
        if (this.#starting.has(job.id)) continue;
        const lease = this.context.slots.take();
        if (!lease) break;
        this.#starting.add(job.id);
        this.#start(job, lease).finally(() => this.#starting.delete(job.id));
      }
    }
  }

  async #start(job: Job, lease: Lease): Promise<void> {
    try {
      await this.register.change(job.id, { type: "start" }, (next) => {
        this.supervisor.begin(next, lease);
        return Promise.resolve();
      });
    } catch (error) {
      // Cancelled, held or removed between the look at the queue and the start: no news.
      if (!(error instanceof Problem && ["invalid_transition", "not_found"].includes(error.code))) {
        this.context.onError(`Job ${job.id} could not be started; it stays in the queue`, error);
        await new Promise<void>((resolve) => this.context.clock.after(RETRY_MS, resolve));
      }
      lease.release();
    }
  }

  #count(state: JobState, before: JobState | null): void {
    if (before === "queued") this.#waiting--;
    if (state === "queued") this.#waiting++;
    // Not in this very call: whoever made the change finishes first.
    if (state === "queued") queueMicrotask(() => this.kick());
  }
}
