/** Named queues: what they are set to, and what there is room for in each. */

import { Problem } from "../../domain/errors.ts";
import { DEFAULT_QUEUE, plainQueue, type Queue, type QueueLoad } from "../../domain/queue.ts";
import { commit } from "../commit.ts";
import { KeyedLock } from "../keyed_lock.ts";
import type { Change, QueueRoom } from "../ports/store.ts";
import type { JobContext } from "./context.ts";
import type { QueueLoads } from "./queue_loads.ts";

/** More than that would make looking for the next job slow. */
export const MAX_QUEUES = 1000;
/** Seconds after which a full queue may have room again: nobody knows, so not at once. */
const RETRY_AFTER = 5;

export interface QueueStatus {
  queue: Queue;
  load: Readonly<QueueLoad>;
}

export class Queues {
  #queues = new Map<string, Queue>();
  /** Jobs that are about to be put into a queue, by its name. */
  #coming = new Map<string, number>();
  #lock = new KeyedLock<string>();
  #listeners: (() => void)[] = [];

  constructor(private readonly context: JobContext, private readonly loads: QueueLoads) {}

  async open(): Promise<void> {
    const all = await this.context.store.queues.list();
    this.#queues = new Map(all.map(({ value }) => [value.name, value]));
    if (!this.#queues.has(DEFAULT_QUEUE)) this.#queues.set(DEFAULT_QUEUE, plainQueue(DEFAULT_QUEUE));
  }

  /** Calls `listener` when a queue may let more jobs start than before. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** All of them, by name. */
  list(): QueueStatus[] {
    const all = [...this.#queues.values()].sort((a, b) => a.name < b.name ? -1 : 1);
    return all.map((queue) => ({ queue, load: this.loads.of(queue.name) }));
  }

  /** @throws {Problem} `not_found`. */
  get(name: string): QueueStatus {
    const queue = this.#queues.get(name);
    if (!queue) throw queueNotFound(name);
    return { queue, load: this.loads.of(name) };
  }

  has(name: string): boolean {
    return this.#queues.has(name);
  }

  /** Makes a queue, or sets one to something else. @throws {Problem} `too_many_queues`. */
  put(queue: Queue): Promise<{ status: QueueStatus; created: boolean }> {
    return this.#lock.run(queue.name, async () => {
      const created = !this.#queues.has(queue.name);
      if (created && this.#queues.size >= MAX_QUEUES) {
        throw new Problem(
          "too_many_queues",
          `There are ${MAX_QUEUES} queues, the most there may be. Delete one first.`,
        );
      }
      await this.#commit({ kind: "queue", id: queue.name, expect: { is: "any" }, value: queue });
      this.#queues.set(queue.name, queue);
      for (const listener of this.#listeners) listener();
      return { status: this.get(queue.name), created };
    });
  }

  /** Removes a queue that has no jobs but such as have ended. @throws {Problem} `not_found`, `queue_in_use`. */
  remove(name: string): Promise<void> {
    return this.#lock.run(name, async () => {
      this.get(name);
      if (name === DEFAULT_QUEUE) throw new Problem("queue_in_use", "The default queue cannot be removed. Pause it.");
      const coming = this.#coming.get(name) ?? 0;
      if (coming > 0 || !await this.#commit({ kind: "queue", id: name, expect: { is: "present" }, value: null })) {
        throw new Problem(
          "queue_in_use",
          `Queue ${name} has jobs that have not ended. Wait for them, end them, or move those that are queued.`,
        );
      }
      this.#queues.delete(name);
    });
  }

  /**
   * Puts a job into a queue: `put` commits it, with the given check of the queue. When there is no room `full` says so,
   * which is to be thrown unless the job starts at once.
   * @throws {Problem} `invalid_request` when there is no such queue, and whatever `put` throws.
   */
  async admit<T>(name: string, put: (checks: Change[], full: Problem | undefined) => Promise<T>): Promise<T> {
    const queue = this.#queues.get(name);
    if (!queue) throw noSuchQueue(name);
    const { ready, waiting, held } = this.loads.of(name);
    const coming = this.#coming.get(name) ?? 0;
    const full = queue.maxQueued !== null && ready + waiting + held + coming >= queue.maxQueued;
    this.#coming.set(name, coming + 1);
    try {
      const checks: Change[] = name === DEFAULT_QUEUE ? [] : [{ kind: "queue", id: name, expect: { is: "present" } }];
      return await put(checks, full ? queueFull(queue) : undefined);
    } finally {
      const left = this.#coming.get(name)! - 1;
      if (left > 0) this.#coming.set(name, left);
      else this.#coming.delete(name);
    }
  }

  /** Queues that have jobs to start and may start some, with how many. */
  rooms(): QueueRoom[] {
    const rooms: QueueRoom[] = [];
    for (const name of this.loads.names()) {
      const most = Math.min(this.room(name), this.loads.of(name).ready);
      if (most > 0) rooms.push({ name, most });
    }
    return rooms;
  }

  /** Whether a queue lets jobs start at all. */
  isOpen(name: string | null): boolean {
    return name !== null && !this.#queues.get(name)?.paused;
  }

  /** How many more of its jobs may be started. */
  room(name: string): number {
    const { paused, slots } = this.#queues.get(name) ?? plainQueue(name);
    if (paused) return 0;
    return slots === null ? Infinity : Math.max(0, slots - this.loads.placed(name));
  }

  /** False when what it was to find is not so. */
  async #commit(change: Change): Promise<boolean> {
    return "applied" in await commit(this.context.store, this.context.clock, [change]);
  }
}

function queueFull({ name, maxQueued }: Queue): Problem {
  return new Problem(
    "queue_full",
    `Queue ${name} is full: it takes ${maxQueued} jobs that have not started. Try again later.`,
    { retryAfter: RETRY_AFTER, members: { queue: name } },
  );
}

export function queueNotFound(name: string): Problem {
  return new Problem("not_found", `There is no queue ${name}. GET /api/queues lists what there is.`);
}

export function noSuchQueue(name: string): Problem {
  const detail = `There is no queue ${name}. PUT /api/queues/${name} makes it`;
  return new Problem("invalid_request", `${detail}.`, { errors: [{ pointer: "/queue", detail }] });
}
