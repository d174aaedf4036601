/**
 * Brings jobs to life, keeps their time limits, ends them, and writes down how they ended. Knows the jobs that have
 * processes now; all else is in the store.
 */

import { Problem } from "../../domain/errors.ts";
import { attemptOf, isActive, type Job, type JobFacts, type Run, type StopIntent } from "../../domain/job.ts";
import type { Signal } from "../../domain/signal.ts";
import type { Usage } from "../../domain/usage.ts";
import type { RunEnd, RunHandle, RunRequest, SignalTarget } from "../ports/processes.ts";
import type { Lease } from "../slots.ts";
import type { JobContext } from "./context.ts";
import { endOf } from "./ending.ts";
import { OutputLimit } from "./output_limit.ts";
import type { JobRegister } from "./register.ts";
import { endOrRetry } from "./retry.ts";

/** A job with processes, or about to have some. */
interface Live {
  handle: Promise<RunHandle>;
  lease: Lease;
  /** Calls off what its clock would do next: end it for its time limit, or give up waiting for its keeper. */
  cancelTimeout?: () => void;
  /** Its command has ended. */
  over?: boolean;
  cancelLimit?: () => void;
  /** Why it is being ended, where the disk did not take that. */
  unwritten?: StopIntent;
  /** Whether it is being ended; then `survivors` resolves with the processes that would not go. */
  terminating: boolean;
  survivors: PromiseWithResolvers<number[]>;
}

/** How long to wait before trying again to write down what the disk did not take. */
const RETRY_MS = 1000;
/** How long the keeper of a job may take to write down the end of a command whose processes are all gone. */
const KEEPER_MS = 10_000;

const STOPPED_MEANWHILE = new Error("The job was asked to stop as it ended.");

export class Supervisor {
  #live = new Map<number, Live>();
  #closed = false;
  readonly #outputLimit: OutputLimit;

  constructor(private readonly context: JobContext, private readonly register: JobRegister) {
    this.#outputLimit = new OutputLimit(context);
  }

  /** Starts the processes of a job whose state is `running` already. The lease is given back when it has ended. */
  begin(job: Job, lease: Lease): void {
    this.#watch(job, this.context.processes.start(requestOf(job)), lease);
  }

  /**
   * Takes up a job that an earlier server started. Answers false, and keeps nothing, when it turns out that its
   * command never began and never will.
   */
  async adopt(job: Job, lease: Lease): Promise<boolean> {
    const found = await this.context.processes.adopt(requestOf(job));
    if (found === "never_began") return false;
    const live = this.#watch(job, Promise.resolve(found), lease);
    // The server may have died between writing an intent down and acting on it; doing it twice does no harm.
    if (isActive(job) && job.run.stop) this.#terminate(live, job);
    else if (job.state === "paused") await this.#carryOut(job.id, "Pausing", () => found.pause());
    else await this.#carryOut(job.id, "Resuming", () => found.resume());
    return true;
  }

  async pause(id: number): Promise<void> {
    const live = this.#live.get(id);
    if (!live) return;
    live.cancelTimeout?.();
    const handle = await live.handle;
    await this.#carryOut(id, "Pausing", () => handle.pause());
  }

  async resume(job: Job): Promise<void> {
    const live = this.#live.get(job.id);
    if (!live) return;
    const handle = await live.handle;
    await this.#carryOut(job.id, "Resuming", () => handle.resume());
    this.#armTimeout(live, job);
  }

  async signal(id: number, signal: Signal, to: SignalTarget): Promise<void> {
    await (await this.#live.get(id)?.handle)?.signal(signal, to);
  }

  /** Begins to end a job whose intent to stop has been committed; does not wait for it. */
  stop(job: Job): void {
    const live = this.#live.get(job.id);
    if (live && isActive(job)) this.#terminate(live, job);
  }

  /** What was seen of what a job with processes takes of the machine; null when it has none, or none was looked at. */
  async usage(id: number): Promise<Usage | null> {
    const live = this.#live.get(id);
    return live ? await usageOf(live) : null;
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
    live.over = true;
    live.cancelTimeout?.();
    live.cancelLimit?.();
    const recorded = await this.#record(id, end, live);
    // Not the next attempt's.
    if (this.#live.get(id) === live) this.#live.delete(id);
    if (recorded) live.lease.release();
  }

  /** How it ended; processes that outlive SIGKILL do not keep the job from ending. */
  async #endOf(live: Live): Promise<RunEnd> {
    let handle: RunHandle;
    try {
      handle = await live.handle;
    } catch (error) {
      return { how: "not_started", reason: error instanceof Error ? error.message : String(error) };
    }
    const givenUp = live.survivors.promise.then(async (pids): Promise<RunEnd> => {
      // Its keeper is the parent of the command; one that was stopped or is stuck must not keep the job for ever.
      if (pids.length === 0) await new Promise<void>((gone) => this.#expectEnd(live, gone));
      return { how: "vanished" };
    });
    return await Promise.race([handle.ended, givenUp]);
  }

  #expectEnd(live: Live, givenUp: () => void): void {
    if (!this.#closed && !live.over) live.cancelTimeout = this.context.clock.after(KEEPER_MS, givenUp);
  }

  /** Processes that are still there: those that would not go, or those of a job of which nobody knows the end. */
  async #leftOf(id: number, end: RunEnd, live: Live): Promise<number[]> {
    if (live.terminating) return await live.survivors.promise;
    if (end.how !== "vanished") return [];
    const handle = await live.handle;
    return await this.#carryOut(id, "Looking for the processes of", () => handle.members()) ?? [];
  }

  /** Writes the end down, again and again until the disk takes it: a job that has ended must not stay `running`. */
  async #record(id: number, end: RunEnd, live: Live): Promise<Job | undefined> {
    const { context } = this;
    const usage = await usageOf(live);
    for (let indexed = false; !this.#closed;) {
      try {
        const quiet = end.how === "exited" && end.quiet;
        const outputs = quiet ? { stdoutBytes: 0, stderrBytes: 0 } : await this.#outputSizes(id);
        // First, so that the output can be found from the moment the result is there.
        if (!indexed && outputs.stdoutBytes + outputs.stderrBytes > 0) await this.#index(id);
        indexed = true;
        context.faults?.reach("output indexed", id);
        const stopping = live.terminating;
        const survivors = await this.#leftOf(id, end, live);
        return await this.register.change(id, (job) => {
          if (stopOf(job) && !stopping) throw STOPPED_MEANWHILE;
          const facts = { ...outputs, survivors, now: context.clock.now() };
          const stop = stopOf(job) ?? live.unwritten;
          return endOrRetry(job, { ...endOf(end, stop, facts), usage }, stop, context.clock.wall());
        });
      } catch (error) {
        // The wish to end it came as it ended: its survivors are known when that has been done.
        if (error === STOPPED_MEANWHILE) continue;
        context.onError(`The end of job ${id} could not be written down; trying again`, error);
        await new Promise<void>((resolve) => context.clock.after(RETRY_MS, resolve));
      }
    }
  }

  async #outputSizes(id: number): Promise<{ stdoutBytes: number; stderrBytes: number }> {
    const { processes } = this.context;
    const sizes = [processes.outputSize(id, "stdout"), processes.outputSize(id, "stderr")] as const;
    const [stdoutBytes, stderrBytes] = await Promise.all(sizes);
    return { stdoutBytes, stderrBytes };
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
    // One that goes on writing gets no more time for it. What that cannot do, the ending itself tries again.
    const kill = () => void live.handle.then((handle) => handle.terminate(0)).catch(() => undefined);
    live.cancelLimit = this.#outputLimit.watchEnding(job, kill);
    const grace = (stopOf(job)?.grace ?? job.spec.grace) * 1000;
    // A start that failed has nothing to end.
    const ending = live.handle.then(
      (handle) => this.#carryOut(job.id, "Ending", () => handle.terminate(grace)),
      () => [],
    );
    ending.then((pids) => live.survivors.resolve(pids ?? []));
  }

  /** What was decided and is on disk is done, again and again if the system has no room for it at the moment. */
  async #carryOut<T>(id: number, what: string, action: () => Promise<T>): Promise<T | undefined> {
    const { faults, onError, clock } = this.context;
    while (!this.#closed) {
      try {
        faults?.reach("signals due", id);
        const result = await action();
        faults?.reach("signals sent", id);
        return result;
      } catch (error) {
        onError(`${what} job ${id} failed; trying again`, error);
        await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
      }
    }
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

function requestOf(job: Job): RunRequest {
  return { jobId: job.id, attempt: attemptOf(job), cookie: job.cookie, spec: job.spec };
}

async function usageOf({ handle }: Live): Promise<Usage | null> {
  return await handle.then(({ usage }) => usage, () => null);
}

function stopOf(job: JobFacts & { run?: Run }): StopIntent | undefined {
  return job.run?.stop;
}
