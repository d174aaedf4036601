/**
 * Lets go of old jobs: those that ended first go first, until what is kept is within all limits. In small steps with
 * pauses that are longer than the steps, so that a backlog of a million holds up nobody.
 */

import { Problem } from "../../domain/errors.ts";
import { attemptOf, type EndedJob, FINAL_JOB_STATES, keptBytes } from "../../domain/job.ts";
import { isFinalWorker } from "../../domain/worker.ts";
import type { OldestQuery } from "../ports/store.ts";
import type { JobContext } from "./context.ts";
import type { Leftovers } from "./leftovers.ts";
import type { JobRegister } from "./register.ts";

/** What is kept; `Infinity` is no limit. */
export interface RetentionLimits {
  /** Days since a job ended. */
  days: number;
  /** How many jobs that have ended. */
  jobs: number;
  /** Bytes of output and standard input of jobs that have ended. */
  bytes: number;
}

/** Which limit a job was over. */
export type RetentionReason = "days" | "jobs" | "bytes";

export interface RetentionOptions {
  limits: RetentionLimits;
  /** Whether somebody still needs a job, for instance one that waits for it. */
  isNeeded?: (job: EndedJob) => boolean | Promise<boolean>;
  /** Hears of every job that went, with what it kept on the disk. */
  onRemoved?: (reason: RetentionReason, bytes: number) => void;
}

/** Jobs in one step, which is one transaction. */
export const STEP = 32;
/** Between two looks when there is nothing to do; milliseconds. */
export const IDLE_MS = 5000;
/** A step is followed by a pause so many times as long as itself… */
const REST = 3;
/** …but within these bounds; milliseconds. */
const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 2000;
const DAY_MS = 86_400_000;

/** How far a round has come: what has to stay is passed once in each. */
type Round = Pick<OldestQuery, "after" | "withOutput">;

interface Rule {
  /** Why a job has to go; not there when it, and with it every later one, may stay. */
  reason(job: EndedJob): RetentionReason | undefined;
  /** It goes. */
  taken(job: EndedJob): void;
}

export class Retention {
  readonly #all: Round = {};
  readonly #withOutput: Round = { withOutput: true };
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    private readonly leftovers: Leftovers,
    private readonly options: RetentionOptions,
  ) {}

  /** Begins to look after the limits. */
  open(): void {
    const { days, jobs, bytes } = this.options.limits;
    if (Math.min(days, jobs, bytes) < Infinity) this.#arm(0);
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #arm(ms: number): void {
    if (!this.#closed) this.#cancel = this.context.clock.after(ms, () => this.#tick());
  }

  #tick(): void {
    const began = performance.now();
    this.step().then((more) => {
      const took = performance.now() - began;
      this.#arm(more ? Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, REST * took)) : IDLE_MS);
    }, (error) => {
      if (!this.#closed) this.context.onError("Old jobs could not be removed; it will be tried again", error);
      this.#arm(IDLE_MS);
    });
  }

  /** Removes at most {@link STEP} jobs. Answers whether there may be more to remove. */
  async step(): Promise<boolean> {
    const { store, clock } = this.context;
    const { limits } = this.options;
    const counts = await store.jobs.counts();
    let jobs = FINAL_JOB_STATES.reduce((sum, state) => sum + counts[state], 0);
    const endedBefore = clock.now() - limits.days * DAY_MS;
    const busy = await this.#pass(this.#all, {
      reason: (job) => job.ended < endedBefore ? "days" : jobs > limits.jobs ? "jobs" : undefined,
      taken: () => jobs--,
    });
    if (busy) return true;
    let bytes = await store.jobs.outputBytes();
    return await this.#pass(this.#withOutput, {
      reason: () => bytes > limits.bytes ? "bytes" : undefined,
      taken: (job) => bytes -= keptBytes(job),
    });
  }

  /** Goes one step further in a round; answers false when the round is over. */
  async #pass(round: Round, rule: Rule): Promise<boolean> {
    const jobs = await this.context.store.jobs.oldest({ limit: STEP, ...round });
    const due: Promise<void>[] = [];
    let within = jobs.length < STEP;
    for (const { value: job } of jobs) {
      const reason = rule.reason(job);
      // All that follow ended later.
      if (!reason) {
        within = true;
        break;
      }
      if (await this.#isHeld(job)) continue;
      rule.taken(job);
      due.push(this.#remove(job, reason));
    }
    await Promise.all(due);
    const last = jobs.at(-1)?.value;
    round.after = within || !last ? undefined : { ended: last.ended, id: last.id };
    return !within;
  }

  async #isHeld(job: EndedJob): Promise<boolean> {
    const worker = job.workerId && await this.context.store.workers.get(job.workerId);
    return (worker && !isFinalWorker(worker.value)) || (await this.options.isNeeded?.(job) ?? false);
  }

  async #remove(job: EndedJob, reason: RetentionReason): Promise<void> {
    try {
      await this.register.remove(job.id, () => {});
    } catch (error) {
      // Somebody else was quicker.
      if (error instanceof Problem && error.code === "not_found") return;
      throw error;
    }
    await this.leftovers.remove(job.id, attemptOf(job));
    this.options.onRemoved?.(reason, keptBytes(job));
  }
}
