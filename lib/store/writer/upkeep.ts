/** When the full-text indexes are merged: what is small soon after it was written, the rest when nobody has written lately. */

import type { Steps } from "./output_index.ts";
import type { TextMerges } from "./text_merges.ts";

/** So long has nobody written before what is large is merged; milliseconds. */
const QUIET = 5000;
/** Between two steps of that there is a pause so many times as long as the step took, and at least this; milliseconds. */
const REST = 4;
const PAUSE = 1000;

export class Upkeep {
  #lastWrite = performance.now();
  #restUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is to be done in steps now, if anything; {@link done} follows upon its last. */
  steps: Steps | undefined;

  /** `wake` is called when there is something to do. */
  constructor(readonly merges: TextMerges, readonly wake: () => void) {
    this.#arm(QUIET);
  }

  /** So many commits were written. */
  wrote(commits: number): void {
    this.#lastWrite = performance.now();
    this.#arm(QUIET);
    if (this.merges.wrote(commits) && !this.steps) this.#begin(this.merges.small());
  }

  done(): void {
    this.steps = undefined;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  *#measured(steps: Steps): Steps {
    const began = performance.now();
    for (const _ of steps) {
      const now = performance.now();
      this.#restUntil = now + REST * (now - began);
      yield;
    }
  }

  #begin(steps: Steps): void {
    this.steps = steps;
    this.wake();
  }

  #arm(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const left = Math.max(this.#lastWrite + QUIET, this.#restUntil) - performance.now();
      if (left > 0) return this.#arm(left);
      if (!this.merges.hasLarge) return;
      if (!this.steps) this.#begin(this.#measured(this.merges.large()));
      this.#arm(PAUSE);
    }, ms);
  }
}
