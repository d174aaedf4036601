/**
 * The one limit on how much work goes on at once. Jobs, transfers and reservations each hold a {@link Lease} from the
 * same {@link Slots}. Counting only: who goes first is the scheduler's business.
 */

export interface Lease {
  /** Gives the slot back. Calling it again does nothing. */
  release(): void;
}

export class Slots {
  #used = 0;
  #listeners: (() => void)[] = [];

  constructor(readonly limit: number) {}

  get used(): number {
    return this.#used;
  }

  get free(): number {
    return Math.max(0, this.limit - this.#used);
  }

  /** Takes a slot if one is free. */
  take(): Lease | undefined {
    return this.#used < this.limit ? this.force() : undefined;
  }

  /** Takes a slot even above the limit: for work that is already running when the server starts. */
  force(): Lease {
    this.#used++;
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#used--;
        for (const listener of this.#listeners) listener();
      },
    };
  }

  /** Calls `listener` whenever a slot has been given back. */
  onRelease(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
