/** Gives up on request bodies of which nothing comes any more. */

import { Problem } from "./domain/errors.ts";

interface Waiting {
  /** As `performance.now()` has it. */
  since: number;
  /** Whether nothing is expected for now: somebody holds the sender back. */
  isHeld?: () => boolean;
  reject(problem: Problem): void;
}

/** How many looks there are within the time. */
const LOOKS = 8;

/**
 * One timer for all bodies, and only while there are any: a timer for each piece of each would cost small requests more
 * than all the rest of their reading.
 */
export class BodyDeadline {
  readonly #waiting = new Set<Waiting>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `seconds`: how long a piece may be waited for; `Infinity` is for ever. */
  constructor(readonly seconds: number) {}

  /**
   * What reading a piece gives.
   * @throws {Problem} `body_stalled` when it takes too long, not counting the time in which `isHeld`.
   */
  within<T>(read: Promise<T>, isHeld?: () => boolean): Promise<T> {
    if (this.seconds === Infinity) return read;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { since: performance.now(), isHeld, reject };
      this.#waiting.add(waiting);
      this.#arm();
      read.then((value) => {
        this.#waiting.delete(waiting);
        resolve(value);
      }, (error) => {
        this.#waiting.delete(waiting);
        reject(error);
      });
    });
  }

  /** Lets go of the timer. What is still read may take as long as it likes. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => this.#look(), this.seconds * 1000 / LOOKS);
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const waiting of this.#waiting) {
      if (waiting.isHeld?.()) waiting.since = now;
      if (now - waiting.since < this.seconds * 1000) continue;
      this.#waiting.delete(waiting);
      waiting.reject(stalled(this.seconds));
    }
    if (this.#waiting.size > 0) this.#arm();
  }
}

function stalled(seconds: number): Problem {
  return new Problem("body_stalled", `Nothing of the body came for ${seconds} seconds. Send it again, in one go.`);
}
