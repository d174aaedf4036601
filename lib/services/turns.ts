/**
 * Lets many who have much to do take turns, some at a time, and pauses in between for as long as each lot took. So
 * however many there are, and however much they want, half of the time is left to everybody else: to other requests, and
 * to the jobs on this machine. A few are not held up.
 */

/** How many go at once. */
const LOT = 32;
/** Milliseconds of work that are worth a pause; shorter ones are added up. */
const WORTH = 2;
/** Milliseconds: no pause is longer, or one lot that was held up by something else would hold up all the others. */
const LONGEST = 50;

export interface TurnTimes {
  /** Milliseconds of steady time. */
  now(): number;
  /** Resolves when the loop has done what was begun. */
  turn(): Promise<void>;
  sleep(ms: number): Promise<void>;
}

export class Turns {
  #waiting: (() => void)[] = [];
  #going = false;

  constructor(private readonly times: TurnTimes) {}

  /** Resolves when it is the caller's turn. */
  next(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    if (!this.#going) this.#go();
    return promise;
  }

  async #go(): Promise<void> {
    this.#going = true;
    const { now, turn, sleep } = this.times;
    for (let worked = 0; this.#waiting.length > 0;) {
      const begun = now();
      for (const go of this.#waiting.splice(0, LOT)) go();
      // Those who come back for more meanwhile are no crowd.
      const crowded = this.#waiting.length > 0;
      await turn();
      worked += now() - begun;
      if (!crowded) worked = 0;
      if (worked < WORTH) continue;
      await sleep(Math.min(worked, LONGEST));
      worked = 0;
    }
    this.#going = false;
  }
}
