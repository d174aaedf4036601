/** Lets jobs go whose time has come: `start_at`, and the pause before another attempt. */

import { Problem } from "../../domain/errors.ts";
import { type Job, waitsOf } from "../../domain/job.ts";
import type { JobContext } from "./context.ts";
import { isNoNews } from "./no_news.ts";
import type { JobRegister } from "./register.ts";

/** How many are let go together. */
const PAGE = 256;
/** The wall clock is looked at this often while somebody waits for it, because it may be set; milliseconds. */
const LOOK_MS = 15_000;
/** How long to wait before trying again what the disk did not take. */
const RETRY_MS = 1000;

export class Alarm {
  #cancel: (() => void) | undefined;
  /** The time that is waited for, by the wall clock. */
  #next = Infinity;
  #ringing = false;
  #open = false;

  constructor(private readonly context: JobContext, private readonly register: JobRegister) {
    register.onChange((job) => this.#heard(job));
  }

  /** Begins to let jobs go. */
  async open(): Promise<void> {
    this.#open = true;
    await this.#ring();
  }

  close(): void {
    this.#open = false;
    this.#cancel?.();
  }

  #heard(job: Job): void {
    const until = waitsOf(job)?.until;
    if (!this.#open || until === undefined || until >= this.#next) return;
    this.#next = until;
    if (!this.#ringing) this.#arm(until);
  }

  #arm(until: number): void {
    this.#cancel?.();
    const wait = Math.min(LOOK_MS, Math.max(0, until - this.context.clock.wall()));
    this.#set(wait);
  }

  #set(ms: number): void {
    this.#cancel = this.context.clock.after(ms, () => {
      this.#ring().catch((error) => {
        if (!this.#open) return;
        this.context.onError("The jobs whose time has come could not be let go; trying again", error);
        this.#set(RETRY_MS);
      });
    });
  }

  async #ring(): Promise<void> {
    this.#ringing = true;
    try {
      if (this.context.clock.wall() >= this.#next || this.#next === Infinity) await this.#letGo();
    } finally {
      this.#ringing = false;
    }
    if (this.#open && this.#next !== Infinity) this.#arm(this.#next);
  }

  async #letGo(): Promise<void> {
    const { clock, store } = this.context;
    for (let due: unknown[] | undefined; this.#open && due?.length !== 0;) {
      const page = due = await store.jobs.due(clock.wall(), PAGE);
      await Promise.all(page.map(({ value }) => this.#release(value.id)));
    }
    // What is heard of while the store is being asked counts too.
    this.#next = Infinity;
    const next = await store.jobs.nextDue();
    this.#next = Math.min(this.#next, next ?? Infinity);
  }

  async #release(id: number): Promise<void> {
    try {
      await this.register.change(id, (job) => {
        const until = waitsOf(job)?.until ?? Infinity;
        if (until <= this.context.clock.wall()) return { type: "release", time: true };
        throw new Problem("invalid_transition", `Job ${id} waits for another time now.`);
      });
    } catch (error) {
      if (!isNoNews(error)) throw error;
    }
  }
}
