/** How many requests each caller may make within a time. */

import type { Clock } from "./clock.ts";
import type { Rate } from "./domain/rate.ts";

/** How a caller stands after a request. */
export interface Standing {
  rate: Rate;
  /** Requests that are left until {@link resets}. */
  left: number;
  /** Seconds until all are there again; rounded up. */
  resets: number;
  /** This one was too many. */
  exceeded: boolean;
}

/** Callers that are remembered at once; beyond it the one whose window began first is forgotten. */
const MAX_CALLERS = 10_000;

/**
 * A window begins with a caller's first request; within it there are so many, and when it is over the next request begins
 * another.
 */
export class RateLimits {
  #callers = new Map<string, { left: number; ends: number }>();

  constructor(private readonly clock: Pick<Clock, "now">) {}

  /** Counts one request of a caller. */
  count(caller: string, rate: Rate): Standing {
    const now = this.clock.now();
    let window = this.#callers.get(caller);
    if (!window || window.ends <= now) window = this.#begin(caller, rate, now);
    const exceeded = window.left === 0;
    if (!exceeded) window.left--;
    return { rate, left: window.left, resets: Math.max(1, Math.ceil((window.ends - now) / 1000)), exceeded };
  }

  #begin(caller: string, { requests, seconds }: Rate, now: number) {
    this.#callers.delete(caller);
    if (this.#callers.size >= MAX_CALLERS) this.#callers.delete(this.#callers.keys().next().value!);
    const window = { left: requests, ends: now + seconds * 1000 };
    this.#callers.set(caller, window);
    return window;
  }
}
