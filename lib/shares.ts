/** How many of something each caller has at once. */

import { Problem } from "./domain/errors.ts";

export interface SharesOptions {
  /** `Infinity` is no limit. */
  most: number;
  /** For people: `requests are being held`. */
  what: string;
  /** The option that says how many. */
  option: string;
}

export class Shares {
  readonly #taken = new Map<string, number>();
  #total = 0;

  constructor(private readonly options: SharesOptions) {}

  /** Of all callers together. */
  get total(): number {
    return this.#total;
  }

  /**
   * Takes one; the answer gives it back, once however often it is called.
   * @throws {Problem} `too_many_open` when the caller has as many as it may.
   */
  take(caller: string): () => void {
    const taken = this.#taken.get(caller) ?? 0;
    if (taken >= this.options.most) throw tooMany(this.options);
    this.#taken.set(caller, taken + 1);
    this.#total++;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#total--;
      const left = this.#taken.get(caller)! - 1;
      if (left > 0) this.#taken.set(caller, left);
      else this.#taken.delete(caller);
    };
  }
}

/** `too_many_open`: a caller has as many as it may. */
export function tooMany({ most, what, option }: SharesOptions): Problem {
  return new Problem(
    "too_many_open",
    `${most} ${what} for you already, the most that this server lets one caller have (${option}). End one first.`,
    { retryAfter: 1, members: { limit: most } },
  );
}
