/**
 * Jobs that wait for other jobs. When a job ends, each that waits for it is let go or cancelled, in commits of their
 * own; what a server did not get to is found by the next one, because whom a job waits for is part of the job.
 */

import { Problem } from "../../domain/errors.ts";
import { type AfterCondition, type EndedJob, isEnded, type Job, waitsOf } from "../../domain/job.ts";
import type { JobEvent } from "../../domain/job_transition.ts";
import type { JobContext } from "./context.ts";
import { isNoNews } from "./no_news.ts";
import type { QueueLoads } from "./queue_loads.ts";
import type { JobRegister } from "./register.ts";

/** How many are moved on together. */
const PAGE = 256;
/** How long to wait before trying again what the disk did not take. */
const RETRY_MS = 1000;

export class Dependencies {
  #settling = new Map<number, Promise<void>>();
  #closed = false;

  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    loads: Pick<QueueLoads, "anyWaits">,
  ) {
    register.onChange((job) => {
      // A job that comes to wait for this one only now finds it ended, see `catchUp`.
      if (isEnded(job) && loads.anyWaits) this.#settleInTheEnd(job.id);
    });
  }

  /** Begins to do what an earlier server did not get to. */
  open(): void {
    this.#takeUp().catch((error) => {
      if (this.#closed) return;
      this.context.onError("The jobs that wait for others could not be moved on; trying again", error);
      this.context.clock.after(RETRY_MS, () => this.open());
    });
  }

  /** Stops; the next server goes on. */
  close(): void {
    this.#closed = true;
  }

  /** Whether somebody waits for a job. */
  async has(id: number): Promise<boolean> {
    return (await this.context.store.jobs.dependents(id, 1)).length > 0;
  }

  /** Moves on whatever waits for a job that has ended or is gone. */
  settle(id: number): Promise<void> {
    const before = this.#settling.get(id);
    if (before) return before;
    const work = this.#settle(id).finally(() => this.#settling.delete(id));
    this.#settling.set(id, work);
    return work;
  }

  /** Moves on a job that may wait for one which has ended meanwhile. */
  async catchUp(job: Job): Promise<void> {
    for (const id of waitsOf(job)?.for ?? []) {
      const found = (await this.context.store.jobs.get(id))?.value;
      if (!found || isEnded(found)) await this.#tell(job.id, id, found);
    }
  }

  async #takeUp(): Promise<void> {
    while (!this.#closed) {
      const ids = await this.context.store.jobs.settled(PAGE);
      if (ids.length === 0) return;
      await Promise.all(ids.map((id) => this.settle(id)));
    }
  }

  async #settle(id: number): Promise<void> {
    const { jobs } = this.context.store;
    while (!this.#closed) {
      const waiting = await jobs.dependents(id, PAGE);
      if (waiting.length === 0) return;
      const found = (await jobs.get(id))?.value;
      if (found && !isEnded(found)) return;
      await Promise.all(waiting.map(({ value }) => this.#tell(value.id, id, found)));
    }
  }

  #settleInTheEnd(id: number): void {
    if (this.#closed) return;
    this.settle(id).catch((error) => {
      if (this.#closed) return;
      this.context.onError(`The jobs that wait for job ${id} could not be moved on; trying again`, error);
      this.context.clock.after(RETRY_MS, () => this.#settleInTheEnd(id));
    });
  }

  async #tell(id: number, dependency: number, ended: EndedJob | undefined): Promise<void> {
    try {
      await this.register.change(id, (job) => verdict(job, dependency, ended));
    } catch (error) {
      // It was cancelled or edited meanwhile, and waits for that one no more.
      if (!isNoNews(error)) throw error;
    }
  }
}

/** What the end of a dependency means for a job; `ended` is undefined for one that was removed. */
export function verdict(job: Job, dependency: number, ended: EndedJob | undefined): JobEvent {
  const why = ended ? unmet(ended, job.spec.condition) : "was removed before it was seen how it ended";
  if (why === undefined || (!ended && job.spec.condition === "done")) return { type: "release", dependency };
  if (!waitsOf(job)?.for?.includes(dependency)) {
    throw new Problem("invalid_transition", `Job ${job.id} does not wait for job ${dependency}.`);
  }
  return { type: "cancel", reason: `Cancelled: job ${dependency}, which it was to come after, ${why}.` };
}

/** Why a job that has ended is not what others waited for; undefined when it is. */
export function unmet(ended: EndedJob, condition: AfterCondition = "succeeded"): string | undefined {
  if (condition === "done" || ended.state === "succeeded") return undefined;
  switch (ended.state) {
    case "failed":
      return ended.exitCode === null ? "could not start" : `failed with exit code ${ended.exitCode}`;
    case "terminated":
      return ended.run ? "was terminated" : "was cancelled";
    case "timed_out":
      return "timed out";
    case "lost":
      return "was lost";
  }
}
