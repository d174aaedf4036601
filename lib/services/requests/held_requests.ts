/**
 * Requests that are held open for a while (documents 000 and 001). They live in memory only: when the server goes, so
 * do the connections they are about.
 */

import type { Clock } from "../../clock.ts";
import { Problem } from "../../domain/errors.ts";

/** How a held request ended; `gone`: the client left. */
export type HoldEnd = "ok" | "killed" | "shutting_down" | "gone";

/** What happened to a request: it is being held, for so many seconds, or its holding has ended. */
export type HoldChange = { connId: number; state: "held"; seconds: number } | { connId: number; state: HoldEnd };

interface Held {
  due: number;
  finish(end: HoldEnd): void;
}

export class HeldRequests {
  #held = new Map<number, Held>();
  #open = true;
  #listeners: ((change: HoldChange) => void)[] = [];

  constructor(private readonly clock: Clock) {}

  /** How many are being held. */
  get size(): number {
    return this.#held.size;
  }

  /** Calls `listener` at every beginning and every end. */
  onChange(listener: (change: HoldChange) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Holds a request for `seconds`, until it is killed, or until `signal` says that its client left.
   * @throws {Problem} `conn_id_in_use` when that connId is being held already; `shutting_down`.
   */
  async hold(connId: number, seconds: number, signal: AbortSignal): Promise<HoldEnd> {
    if (!this.#open) throw new Problem("shutting_down", "The server is stopping.", { retryAfter: 1 });
    const other = this.#held.get(connId);
    if (other) {
      const left = this.#secondsLeft(other);
      throw new Problem(
        "conn_id_in_use",
        `connId ${connId} is being held already, for another ${left} s. Use another connId, or end it with PUT /api/kill.`,
        { retryAfter: left },
      );
    }
    if (signal.aborted) return "gone";
    return await new Promise((resolve) => {
      const finish = (end: HoldEnd) => {
        cancelTimer();
        signal.removeEventListener("abort", leave);
        this.#held.delete(connId);
        this.#tell({ connId, state: end });
        resolve(end);
      };
      const leave = () => finish("gone");
      const cancelTimer = this.clock.after(seconds * 1000, () => finish("ok"));
      signal.addEventListener("abort", leave, { once: true });
      this.#held.set(connId, { due: this.clock.now() + seconds * 1000, finish });
      this.#tell({ connId, state: "held", seconds });
    });
  }

  /** connId → whole seconds left, rounded up, in the order in which they were asked for. */
  list(): Map<number, number> {
    return new Map([...this.#held].map(([connId, held]) => [connId, this.#secondsLeft(held)]));
  }

  /** Ends a held request as killed. False when there is none with that connId. */
  kill(connId: number): boolean {
    const held = this.#held.get(connId);
    held?.finish("killed");
    return held !== undefined;
  }

  /** Ends them all as `shutting_down` and takes no more. */
  close(): void {
    this.#open = false;
    for (const held of [...this.#held.values()]) held.finish("shutting_down");
  }

  #tell(change: HoldChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #secondsLeft(held: Held): number {
    // Never 0: what is still held has some time left, if only until its timer is heard.
    return Math.max(1, Math.ceil((held.due - this.clock.now()) / 1000));
  }
}
