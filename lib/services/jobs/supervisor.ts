/** Brings jobs to life and ends them. Knows the jobs that have processes now; all else is in the store. */

import { Problem } from "../../domain/errors.ts";
import { isActive, type Job, type StopIntent } from "../../domain/job.ts";
import type { Signal } from "../../domain/signal.ts";
import type { Usage } from "../../domain/usage.ts";
import type { RunEnd, RunHandle, SignalTarget } from "../ports/processes.ts";
import type { Lease } from "../slots.ts";
import { CarryingOut } from "./carrying_out.ts";
import type { JobContext } from "./context.ts";
import { type Live, requestOf, stopOf, usageOf } from "./live.ts";
import { OutputLimit } from "./output_limit.ts";
import type { JobSecrets } from "./job_secrets.ts";
import { Recording } from "./recording.ts";
import type { JobRegister } from "./register.ts";
import { TimeLimit } from "./time_limit.ts";

/** How long the keeper of a job may take to write down the end of a command whose processes are all gone. */
const KEEPER_MS = 10_000;

export class Supervisor {
  #live = new Map<number, Live>();
  #closed = false;
  readonly #outputLimit: OutputLimit;
  readonly #timeLimit: TimeLimit;
  readonly #carryingOut: CarryingOut;
  readonly #recording: Recording;

  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    private readonly secrets: JobSecrets,
  ) {
    this.#outputLimit = new OutputLimit(context);
    this.#timeLimit = new TimeLimit(context, register, (job) => this.stop(job));
    this.#carryingOut = new CarryingOut(context);
    this.#recording = new Recording(context, register, this.#carryingOut);
  }

  /** Starts the processes of a job whose state is `running` already. The lease is given back when it has ended. */
  begin(job: Job, lease: Lease): void {
    const { processes } = this.context;
    this.#watch(job, job.spec.secretEnv ? this.#startWithSecrets(job) : processes.start(requestOf(job)), lease);
  }

  async #startWithSecrets(job: Job): Promise<RunHandle> {
    const handle = await this.context.processes.start(requestOf(await this.secrets.revealed(job)));
    this.secrets.began(job);
    return handle;
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
    else if (job.state === "paused") await this.#carryingOut.run(job.id, "Pausing", () => found.pause());
    else await this.#carryingOut.run(job.id, "Resuming", () => found.resume());
    return true;
  }

  async pause(id: number): Promise<void> {
    const live = this.#live.get(id);
    if (!live) return;
    live.cancelTimeout?.();
    const handle = await live.handle;
    await this.#carryingOut.run(id, "Pausing", () => handle.pause());
  }

  async resume(job: Job): Promise<void> {
    const live = this.#live.get(job.id);
    if (!live) return;
    const handle = await live.handle;
    await this.#carryingOut.run(job.id, "Resuming", () => handle.resume());
    this.#timeLimit.arm(live, job);
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
  usage(id: number): Usage | null {
    const live = this.#live.get(id);
    return live ? usageOf(live) : null;
  }

  /** Stops watching. The jobs go on. */
  close(): void {
    this.#closed = true;
    for (const live of this.#live.values()) live.cancelTimeout?.();
    this.#outputLimit.close();
    this.#carryingOut.close();
    this.#recording.close();
    this.#live.clear();
  }

  #watch(job: Job, handle: Promise<RunHandle>, lease: Lease): Live {
    const live: Live = { handle, lease, terminating: false, survivors: Promise.withResolvers() };
    this.#live.set(job.id, live);
    // One that could not begin is heard of below.
    handle.then((begun) => live.begun = begun, () => undefined);
    this.#timeLimit.arm(live, job);
    live.cancelLimit = this.#outputLimit.watch(job, (stop) => this.#floods(live, job, stop));
    this.#finish(job.id, live).catch((error) => this.context.onError(`Job ${job.id} could not be followed`, error));
    return live;
  }

  async #finish(id: number, live: Live): Promise<void> {
    const end = await this.#endOf(live);
    live.over = true;
    live.cancelTimeout?.();
    live.cancelLimit?.();
    const recorded = await this.#recording.record(id, end, live);
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
      (handle) => this.#carryingOut.run(job.id, "Ending", () => handle.terminate(grace)),
      () => [],
    );
    ending.then((pids) => live.survivors.resolve(pids ?? []));
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
}
