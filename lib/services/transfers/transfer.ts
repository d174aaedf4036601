/** One upload or download under way: counted, held back, stopped. */

import type { Clock } from "../../clock.ts";
import { Problem } from "../../domain/errors.ts";
import type { LiveWork } from "../workers/live_work.ts";
import { RateMeter } from "./rate_meter.ts";

/** A transfer was stopped because somebody asked for it. */
export class Terminated extends Error {
  override readonly name = "Terminated";
}

/** A transfer cannot go on: its client is gone. */
export class ClientLeft extends Problem {
  constructor(bytes: number, cause?: unknown) {
    super("transfer_failed", `The client left after ${bytes} bytes; the transfer was given up.`, { cause });
  }
}

export class Transfer implements LiveWork {
  readonly #meter: RateMeter;
  #bytes = 0;
  #held?: PromiseWithResolvers<void>;
  #stopped?: Error;
  #wake?: () => void;

  /** `onStop` is called, once, when the transfer is stopped from outside. */
  constructor(clock: Clock, private readonly onStop: (error: Error) => void = () => {}) {
    this.#meter = new RateMeter(clock);
  }

  pause(): void {
    this.#held ??= Promise.withResolvers();
  }

  resume(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  terminate(): void {
    this.stop(new Terminated("The transfer was terminated."));
  }

  breakOff(reason: string): void {
    this.stop(new Problem("shutting_down", reason));
  }

  /** Whether a pause lasts. */
  get held(): boolean {
    return this.#held !== undefined;
  }

  bytes(): number {
    return this.#bytes;
  }

  rate(): number {
    return this.#meter.rate();
  }

  /** Makes {@link pass} and {@link until} throw `error` from now on. The first one stays. */
  stop(error: Error): void {
    if (this.#stopped) return;
    this.#stopped = error;
    this.resume();
    this.#wake?.();
    this.onStop(error);
  }

  /** Stops with {@link ClientLeft} when the signal aborts. Returns a function that lets go of the signal. */
  stopOn(signal: AbortSignal | undefined): () => void {
    const stop = () => this.stop(new ClientLeft(this.#bytes));
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop);
    return () => signal?.removeEventListener("abort", stop);
  }

  /** Resolves at once, or when the pause is over. @throws what it was stopped with. */
  async pass(): Promise<void> {
    while (this.#held && !this.#stopped) await this.#held.promise;
    if (this.#stopped) throw this.#stopped;
  }

  /** What the promise gives. @throws what it was stopped with, without waiting any longer. */
  until<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) reject(this.#stopped);
      this.#wake = () => reject(this.#stopped);
      promise.then(resolve, reject);
    });
  }

  /** So many bytes were there before it began. */
  startAt(bytes: number): void {
    this.#bytes = bytes;
  }

  moved(bytes: number): void {
    this.#bytes += bytes;
    this.#meter.add(bytes);
  }
}
