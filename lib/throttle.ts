/** How often somebody may get something wrong. */

import type { Clock } from "./clock.ts";

/** Callers that are remembered at once; beyond it the one that was quiet longest is forgotten. */
const MAX_CALLERS = 10_000;

/** Gives each caller `limit` attempts, which come back evenly over `windowMs`. */
export class Throttle {
  #callers = new Map<string, { left: number; at: number }>();

  constructor(readonly limit: number, readonly windowMs: number, readonly clock: Pick<Clock, "now">) {}

  /** Seconds, rounded up, until the caller has an attempt again; 0 when there is one now. */
  wait(caller: string): number {
    const left = this.#left(caller);
    return left >= 1 ? 0 : Math.ceil((1 - left) * this.windowMs / this.limit / 1000);
  }

  /** Takes one attempt from the caller. */
  count(caller: string): void {
    const left = Math.max(0, this.#left(caller) - 1);
    this.#callers.delete(caller);
    if (this.#callers.size >= MAX_CALLERS) {
      for (const quietest of this.#callers.keys()) {
        this.#callers.delete(quietest);
        break;
      }
    }
    this.#callers.set(caller, { left, at: this.clock.now() });
  }

  #left(caller: string): number {
    const known = this.#callers.get(caller);
    if (!known) return this.limit;
    const back = (this.clock.now() - known.at) * this.limit / this.windowMs;
    return Math.min(this.limit, known.left + back);
  }
}
