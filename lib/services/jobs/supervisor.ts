/**
 * Brings jobs to life, keeps their time limits, ends them, and writes down how they ended. Knows the jobs that have
 * processes now; all else is in the store.
 */

import { Problem } from "../../domain/errors.ts";
import {
  type EndedJob,
  isActive,
  isEnded,
  type Job,
  type JobFacts,
  type Run,
  type StopIntent,
} from "../../domain/job.ts";
import type { RunEnd, RunHandle } from "../ports/processes.ts";
import type { Lease } from "../slots.ts";
import type { JobContext } from "./context.ts";
import { endOf } from "./ending.ts";
import { OutputLimit } from "./output_limit.ts";
import type { JobRegister } from "./register.ts";

/** A job with processes, or about to have some. */
interface Live {
  handle: Promise<RunHandle>;
  lease: Lease;
  cancelTimeout?: () => void;
  cancelLimit?: () => void;
  /** Why it is being ended, where the disk did not take that. */
  unwritten?: StopIntent;
  /** Whether it is being ended; then `survivors` resolves with the processes that would not go. */
  terminating: boolean;
  survivors: PromiseWithResolvers<number[]>;
}

/** How long to wait before trying again to write down what the disk did not take. */
const RETRY_MS = 1000;

export class Supervisor {
  #live = new Map<number, Live>();
  #closed = false;
  readonly #outputLimit: OutputLimit;

  constructor(private readonly context: JobContext, private readonly register: JobRegister) {
    this.#outputLimit = new OutputLimit(context);
  }

  /** How many jobs have processes. */
  get size(): number {
    return this.#live.size;
  }

  /** Starts the processes of a job whose state is `running` already. The lease is given back when it has ended. */
  begin(job: Job, lease: Lease): void {
    this.#watch(job, this.context.processes.start({ jobId: job.id, cookie: job.cookie, spec: job.spec }), lease);
  }

  /**
   * Takes up a job that an earlier server started. Answers false, and keeps nothing, when it turns out that its
   * command never began and never will.
   */
  async adopt(job: Job, lease: Lease): Promise<boolean> {
    const found = await this.context.processes.adopt({ jobId: job.id, cookie: job.cookie, spec: job.spec });
    if (found === "never_began") return false;
    const live = this.#watch(job, Promise.resolve(found), lease);
    // The server may have died between writing an intent down and acting on it; doing it twice does no harm.
    if (isActive(job) && job.run.stop) this.#terminate(live, job);
    else if (job.state === "paused") await found.pause();
    else await found.resume();
    return true;
  }

  async pause(id: number): Promise<void> {
    const live = this.#live.get(id);
    live?.cancelTimeout?.();
    await (await live?.handle)?.pause();
  }

  async resume(job: Job): Promise<void> {
    const live = this.#live.get(job.id);
    if (!live) return;
    await (await live.handle).resume();
    this.#armTimeout(live, job);
  }

  /** Begins to end a job whose intent to stop has been committed; does not wait for it. */
  stop(job: Job): void {
    const live = this.#live.get(job.id);
    if (live && isActive(job)) this.#terminate(live, job);
  }

  /** Stops watching. The jobs go on. */
  close(): void {
    this.#closed = true;
    for (const live of this.#live.values()) live.cancelTimeout?.();
    this.#outputLimit.close();
    this.#live.clear();
  }

  #watch(job: Job, handle: Promise<RunHandle>, lease: Lease): Live {
    const live: Live = { handle, lease, terminating: false, survivors: Promise.withResolvers() };
    this.#live.set(job.id, live);
    this.#armTimeout(live, job);
    live.cancelLimit = this.#outputLimit.watch(job, (stop) => this.#floods(live, job, stop));
    this.#finish(job.id, live).catch((error) => this.context.onError(`Job ${job.id} could not be followed`, error));
    return live;
  }

  async #finish(id: number, live: Live): Promise<void> {
    const end = await this.#endOf(live);
    live.cancelTimeout?.();
    live.cancelLimit?.();
    const survivors = live.terminating ? await live.survivors.promise : [];
    const ended = await this.#record(id, end, survivors, live);
    this.#live.delete(id);
    if (ended) live.lease.release();
  }

  /** How it ended; processes that outlive SIGKILL do not keep the job from ending. */
  async #endOf(live: Live): Promise<RunEnd> {
    let handle: RunHandle;
    try {
      handle = await live.handle;
    } catch (error) {
      return { how: "not_started", reason: error instanceof Error ? error.message : String(error) };
    }
    const givenUp = live.survivors.promise.then((pids): RunEnd | Promise<RunEnd> =>
      pids.length > 0 ? { how: "vanished" } : handle.ended
    );
    return await Promise.race([handle.ended, givenUp]);
  }

  /** Writes the end down, again and again until the disk takes it: a job that has ended must not stay `running`. */
  async #record(id: number, end: RunEnd, survivors: number[], live: Live): Promise<EndedJob | undefined> {
    const { context } = this;
    const outputs = await context.processes.outputSize(id, "stdout").then(async (stdoutBytes) => ({
      stdoutBytes,
      stderrBytes: await context.processes.outputSize(id, "stderr"),
    }));
    for (let indexed = false; !this.#closed;) {
      try {
        // First, so that the output can be found from the moment the result is there.
        if (!indexed && outputs.stdoutBytes + outputs.stderrBytes > 0) await this.#index(id);
        indexed = true;
        const job = await this.register.change(id, (job) => ({
          type: "end",
          end: endOf(end, stopOf(job) ?? live.unwritten, { ...outputs, survivors, now: context.clock.now() }),
        }));
        return isEnded(job) ? job : undefined;
      } catch (error) {
        context.onError(`The end of job ${id} could not be written down; trying again`, error);
        await new Promise<void>((resolve) => context.clock.after(RETRY_MS, resolve));
      }
    }
  }

  async #index(id: number): Promise<void> {
    const { processes, store, inlineOutput } = this.context;
    const texts = [
      await processes.outputTail(id, "stdout", inlineOutput),
      await processes.outputTail(id, "stderr", inlineOutput),
    ];
    await store.indexOutput(id, texts.map(({ text }) => text).filter((text) => text !== ""));
  }

  #terminate(live: Live, job: Job): void {
    live.cancelTimeout?.();
    if (live.terminating) return;
    live.terminating = true;
    live.cancelLimit?.();
    // One that goes on writing gets no more time for it.
    const kill = () => void live.handle.then((handle) => handle.terminate(0)).catch(() => undefined);
    live.cancelLimit = this.#outputLimit.watchEnding(job, kill);
    const ending = live.handle.then((handle) => handle.terminate(job.spec.grace * 1000), () => []);
    ending.then(live.survivors.resolve, (error) => {
      this.context.onError(`Ending job ${job.id} failed`, error);
      live.survivors.resolve([]);
    });
  }

  /** Ends a job that wrote more than it may, even where the disk is too full to take that down first. */
  async #floods(live: Live, job: Job, stop: StopIntent): Promise<void> {
    try {
      await this.register.change(job.id, { type: "stop", ...stop }, (next) => Promise.resolve(this.stop(next)));
    } catch (error) {
      if (error instanceof Problem && ["invalid_transition", "not_found"].includes(error.code)) return;
      this.context.onError(`Job ${job.id} writes too much, and that could not be written down; ending it`, error);
      live.unwritten = stop;
      this.#terminate(live, job);
    }
  }

  #armTimeout(live: Live, job: Job): void {
    live.cancelTimeout?.();
    if (job.spec.timeout === undefined || job.state !== "running" || job.run.stop) return;
    const { clock } = this.context;
    const ran = clock.now() - job.run.started - job.run.pausedMs;
    live.cancelTimeout = clock.after(Math.max(0, job.spec.timeout * 1000 - ran), () => {
      this.register.change(job.id, { type: "stop", reason: "timed_out" }, (next) => Promise.resolve(this.stop(next)))
        .catch((error) => this.context.onError(`Job ${job.id} is over its time limit and could not be ended`, error));
    });
  }
}

function stopOf(job: JobFacts & { run?: Run }): StopIntent | undefined {
  return job.run?.stop;
}
