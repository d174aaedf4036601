/**
 * Decides what starts when: jobs that are ready, of all queues that let any start, by priority, then in the order in
 * which they came, as slots come free.
 */

import { Problem } from "../../domain/errors.ts";
import { type Job, queueOf } from "../../domain/job.ts";
import type { JobEvent } from "../../domain/job_transition.ts";
import type { Lease } from "../slots.ts";
import type { JobContext } from "./context.ts";
import { isNoNews } from "./no_news.ts";
import type { QueueLoads } from "./queue_loads.ts";
import type { Queues } from "./queues.ts";
import type { JobRegister } from "./register.ts";
import type { Supervisor } from "./supervisor.ts";

/** How long to wait before trying again to start what the disk did not let start. */
const RETRY_MS = 1000;

export class Scheduler {
  /** Jobs on their way into a queue in which they might start. */
  #entering = 0;
  #starting = new Set<number>();
  #pumping = false;
  #again = false;
  #open = false;

  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    private readonly supervisor: Supervisor,
    private readonly queues: Queues,
    private readonly loads: QueueLoads,
  ) {
    // Not in this very call: whoever made the change finishes first.
    register.onChange((job) => {
      if (job.state === "queued" && !job.waits) queueMicrotask(() => this.kick());
    });
    queues.onChange(() => this.kick());
    context.slots.onRelease(() => this.kick());
  }

  /** Begins to start jobs. */
  open(): void {
    this.#open = true;
    this.kick();
  }

  /** Starts no more. */
  close(): void {
    this.#open = false;
  }

  /** Jobs that only a slot is wanting to. */
  get waiting(): number {
    return this.queues.rooms().reduce((sum, { most }) => sum + most, 0);
  }

  /** Whether the queue will take every slot that is free now. */
  get needsAllSlots(): boolean {
    const { waiting } = this;
    return waiting > 0 && waiting >= this.context.slots.free;
  }

  /**
   * Puts a new job on disk with `create`, which is told whether it starts at once: when a slot is free and nobody waits
   * for one. Being queued and being started are one commit then, and the start still follows it. `waits`: there is
   * something else that it waits for; `full`: what to refuse it with when it cannot start.
   */
  async enter(
    queue: string,
    { waits, full }: { waits: boolean; full?: Problem },
    create: (starts: boolean) => Promise<Job>,
  ): Promise<Job> {
    const mayStart = this.#open && !waits && this.queues.room(queue) > 0;
    const lease = mayStart && this.waiting + this.#entering === 0 ? this.context.slots.take() : undefined;
    if (lease) return await this.#enterRunning(queue, create, lease);
    if (full) throw full;
    if (mayStart) this.#entering++;
    try {
      return await create(false);
    } finally {
      if (mayStart) this.#entering--;
    }
  }

  async #enterRunning(queue: string, create: (starts: boolean) => Promise<Job>, lease: Lease): Promise<Job> {
    const giveBack = this.loads.reserve(queue);
    try {
      const job = await create(true);
      giveBack();
      this.supervisor.begin(job, lease);
      return job;
    } catch (error) {
      giveBack();
      lease.release();
      throw error;
    }
  }

  /** Looks whether something can start. Cheap, and harmless when nothing can. */
  kick(): void {
    if (!this.#open || this.context.slots.free === 0) return;
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
      // Those that are just being started may still be among the first of their queue.
      const { size } = this.#starting;
      const rooms = this.queues.rooms().map(({ name, most }) => ({ name, most: most + size }));
      if (rooms.length === 0) return;
      for (const { value: job } of await this.context.store.jobs.queue(free + size, rooms)) {
        if (this.#starting.has(job.id) || this.queues.room(queueOf(job) ?? "") === 0) continue;
        const lease = this.context.slots.take();
        if (!lease) break;
        this.loads.place(job);
        this.#starting.add(job.id);
        this.#start(job, lease).finally(() => this.#starting.delete(job.id));
      }
    }
  }

  async #start(job: Job, lease: Lease): Promise<void> {
    try {
      await this.register.change(job.id, (now) => this.#startOf(now, job), (next) => {
        this.supervisor.begin(next, lease);
        return Promise.resolve();
      });
    } catch (error) {
      // Cancelled, held, edited or removed between the look at the queue and the start: no news.
      if (!isNoNews(error)) {
        this.context.onError(`Job ${job.id} could not be started; it stays in the queue`, error);
        await new Promise<void>((resolve) => this.context.clock.after(RETRY_MS, resolve));
      }
      this.loads.unplace(job);
      lease.release();
    }
  }

  /** One that was moved to another queue since is for another time. */
  #startOf(job: Job, seen: Job): JobEvent {
    if (queueOf(job) === queueOf(seen) && this.queues.isOpen(queueOf(job))) return { type: "start" };
    throw new Problem("invalid_transition", `Job ${job.id} is not to be started in queue ${queueOf(seen)} now.`);
  }
}
