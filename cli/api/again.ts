/** Coming back after a connection was lost. */

import { Unreachable } from "./unreachable.ts";
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

/** What a server says that is there and cannot now, or something before it that cannot reach it. */
const PASSING = [429, 502, 504];

/** Whether trying again later makes sense. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (!(error instanceof Refusal)) return false;
  const { status, problem } = error;
  return PASSING.includes(status) || (status === 503 && (!problem.code || problem.code === "shutting_down"));
}

/** Resolves after so many milliseconds, at once when `signal` aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
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

  /**
   * Waits before the next attempt, as long as the server asks for where it does; no longer once `signal` aborts.
   * @throws what it was given, if that will not pass or has lasted too long.
   */
  async wait(error: unknown, signal?: AbortSignal): Promise<void> {
    const passes = this.options.isPassing ?? isPassing;
    if (!this.#reached || !passes(error)) throw error;
    const now = performance.now();
    if (this.#lostAt === undefined) {
      this.#lostAt = now;
      this.options.onLoss?.(error as Error);
    }
    if (now - this.#lostAt > (this.options.limit ?? 300_000)) throw error;
    const asked = error instanceof Refusal ? (error.retryAfter ?? 0) * 1000 : 0;
    await pause(Math.max(asked, this.#pause), signal);
    this.#pause = Math.min(this.#pause * 2, LONGEST);
  }
}
