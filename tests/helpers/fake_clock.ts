/** A clock that stands still until a test moves it. */

import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../lib/clock.ts";

export class FakeClock implements Clock {
  #now: number;
  #timers = new Map<number, { due: number; action: () => void }>();
  #next = 1;
  /** How far the wall clock was set away from {@link now}, in milliseconds. */
  shift = 0;

  constructor(now = Date.UTC(2024, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.shift;
  }

  after(ms: number, action: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { due: this.#now + Math.max(0, ms), action });
    return () => this.#timers.delete(id);
  }

  /** How many timers are armed. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on by `ms` milliseconds, firing what falls due on the way in its order, and lets what that set off run. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const [id, next] = [...this.#timers].sort(([, a], [, b]) => a.due - b.due)[0] ?? [0, undefined];
      if (!next || next.due > end) break;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, next.due);
      next.action();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets promises that are ready run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}
