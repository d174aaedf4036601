/** How fast something has been going lately. */

import type { Clock } from "../../clock.ts";

/** Counts into slices of time and looks back over the last ten. */
const SLICE_MS = 500;
const SLICES = 10;

export class RateMeter {
  readonly #started: number;
  #slices: { slice: number; bytes: number }[] = [];

  constructor(private readonly clock: Clock) {
    this.#started = clock.now();
  }

  add(bytes: number): void {
    const slice = Math.floor(this.clock.now() / SLICE_MS);
    const last = this.#slices.at(-1);
    if (last?.slice === slice) last.bytes += bytes;
    else this.#slices.push({ slice, bytes });
    if (this.#slices.length > SLICES + 1) this.#slices.shift();
  }

  /** Bytes a second over the last five seconds, or since the start when that is less. */
  rate(): number {
    const now = this.clock.now();
    const oldest = Math.floor(now / SLICE_MS) - SLICES;
    const bytes = this.#slices.reduce((sum, { slice, bytes }) => slice > oldest ? sum + bytes : sum, 0);
    const from = Math.max(this.#started, (oldest + 1) * SLICE_MS);
    return Math.round(bytes * 1000 / Math.max(now - from, SLICE_MS));
  }
}
