/**
 * Notices jobs that write more than they may. A job is looked at when it could be at its limit if it had written as fast
 * as any can since the last look: once a second with gigabytes to go, ever more often as it comes near. Many jobs near
 * their limits share a fixed number of looks a second.
 */

import type { Clock } from "../../clock.ts";
import type { OutputName } from "../ports/processes.ts";

/** Bytes that a job may write in a millisecond, at the very most: 2 GB a second. */
const FASTEST = 2_000_000;
/** Milliseconds: no job is looked at more often, or less often. */
const SOONEST = 10;
const LATEST = 1000;
/** How many looks there may be in a millisecond over all jobs; one takes some ten microseconds. */
const LOOKS_PER_MS = 5;

interface Guarded {
  jobId: number;
  limit: number;
  due: number;
  over: (output: OutputName, size: number) => void;
}

export class OutputGuard {
  readonly #guarded = new Set<Guarded>();
  #cancel = () => {};
  #armed = Infinity;

  constructor(
    private readonly clock: Clock,
    /** Size of an output now; answers at once. */
    private readonly sizeOf: (jobId: number, output: OutputName) => number,
  ) {}

  /** Calls `over` once when an output is longer than `limit` bytes. Returns a function that calls the guard off. */
  guard(jobId: number, limit: number, over: Guarded["over"]): () => void {
    const guarded: Guarded = { jobId, limit, due: 0, over };
    this.#guarded.add(guarded);
    guarded.due = this.#next(limit);
    this.#arm(guarded.due);
    return () => this.#guarded.delete(guarded);
  }

  close(): void {
    this.#cancel();
    this.#guarded.clear();
  }

  /** When to look at a job that has `left` bytes to go. */
  #next(left: number): number {
    const soonest = Math.max(SOONEST, this.#guarded.size / LOOKS_PER_MS);
    return this.clock.now() + Math.max(soonest, Math.min(LATEST, left / FASTEST));
  }

  #arm(due: number): void {
    if (due >= this.#armed) return;
    this.#cancel();
    this.#armed = due;
    this.#cancel = this.clock.after(due - this.clock.now(), () => this.#look());
  }

  #look(): void {
    this.#armed = Infinity;
    const now = this.clock.now();
    let next = Infinity;
    for (const guarded of this.#guarded) {
      if (guarded.due <= now) this.#lookAt(guarded);
      if (this.#guarded.has(guarded)) next = Math.min(next, guarded.due);
    }
    if (next < Infinity) this.#arm(next);
  }

  #lookAt(guarded: Guarded): void {
    const { jobId, limit } = guarded;
    let longest = 0;
    for (const output of ["stdout", "stderr"] as const) {
      const size = this.sizeOf(jobId, output);
      longest = Math.max(longest, size);
      if (size <= limit) continue;
      this.#guarded.delete(guarded);
      return guarded.over(output, size);
    }
    guarded.due = this.#next(limit - longest);
  }
}
