/** Coming back after a connection was lost. */

import { Unreachable } from "./client.ts";
import { Refusal } from "./problem.ts";

/** Milliseconds: the first pause, and the longest that it grows to. */
const FIRST = 200;
const LONGEST = 5_000;

export interface AgainOptions {
  /** Milliseconds without any success after which the loss is an error. Default: five minutes. */
  limit?: number;
  /** Told once for each loss, and when the server is there again. */
  onLoss?: (error: Error) => void;
  onReturn?: () => void;
  /** Which errors trying again later may get over. Default: {@link isPassing}. */
  isPassing?: (error: unknown) => boolean;
}

/** Whether trying again later makes sense. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refusal && error.problem.code === "shutting_down");
}

/**
 * Counts losses: `wait()` after each, `ok()` after each success. One that was never reached at all is no loss:
 * the first failure is thrown.
 */
export class Again {
  #pause = FIRST;
  #lostAt: number | undefined;
  #reached = false;

  constructor(private readonly options: AgainOptions = {}) {}

  ok(): void {
    if (this.#lostAt !== undefined) this.options.onReturn?.();
    this.#reached = true;
    this.#lostAt = undefined;
    this.#pause = FIRST;
  }

  /** Waits before the next attempt. @throws what it was given, if that will not pass or has lasted too long. */
  async wait(error: unknown): Promise<void> {
    const passes = this.options.isPassing ?? isPassing;
    if (!this.#reached || !passes(error)) throw error;
    const now = performance.now();
    if (this.#lostAt === undefined) {
      this.#lostAt = now;
      this.options.onLoss?.(error as Error);
    }
    if (now - this.#lostAt > (this.options.limit ?? 300_000)) throw error;
    await new Promise((resolve) => setTimeout(resolve, this.#pause));
    this.#pause = Math.min(this.#pause * 2, LONGEST);
  }
}
