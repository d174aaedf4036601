/**
 * Waiting while the system has no room: for another process, for memory, or for a file handle. What is wanted is tried
 * again in the order in which it came, whenever something was given back and now and then; it is refused only after a
 * time in which nobody got anything.
 */

import type { Log } from "./log.ts";

/** Milliseconds between two tries. */
const LOOK_MS = 250;
/** Milliseconds for which nobody may get anything before the first in line is refused. */
const PATIENCE_MS = 60_000;
/** Milliseconds between two lines about it in the log. */
const QUIET_MS = 60_000;

/** EAGAIN (too many processes), ENOMEM, ENFILE, EMFILE, by their numbers on Linux. */
const NO_ROOM = /\(os error (11|12|23|24)\)/;

export function isNoRoom(error: unknown): error is Error {
  return error instanceof Error && NO_ROOM.test(error.message);
}

interface Waiting {
  /** Tries; false when there was no room. */
  attempt(): Promise<boolean>;
  refuse(): void;
}

export class Room {
  readonly #waiting: Waiting[] = [];
  #serving = false;
  #closed = false;
  /** When somebody last got something, or something was given back. */
  #progress = 0;
  #said = -Infinity;
  #wake: () => void = () => {};

  /** `now`: milliseconds of a clock that is never set. */
  constructor(readonly log: Log, readonly patienceMs = PATIENCE_MS, readonly now = () => performance.now()) {}

  /** Whether somebody waits. */
  get crowded(): boolean {
    return this.#waiting.length > 0;
  }

  /**
   * Does `work` now, or as soon as there is room for it; it must be such that it can be done again after it failed.
   * @throws what `work` throws, a lack of room only after a time in which nobody got anything, or once this is closed.
   */
  async have<T>(work: () => T | Promise<T>): Promise<T> {
    let lack: Error | undefined;
    if (!this.crowded) {
      try {
        return await work();
      } catch (error) {
        if (!isNoRoom(error) || this.#closed) throw error;
        lack = error;
      }
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const attempt = async () => {
      try {
        resolve(await work());
      } catch (error) {
        if (isNoRoom(error)) {
          lack = error;
          return false;
        }
        reject(error);
      }
      return true;
    };
    this.#waiting.push({ attempt, refuse: () => reject(lack ?? new Error("The server is stopping.")) });
    if (lack) this.#say(lack);
    if (!this.#serving) void this.#serve();
    return await promise;
  }

  /** Something was given back: who waits may try again at once. */
  freed(): void {
    if (!this.crowded) return;
    this.#progress = this.now();
    this.#wake();
  }

  /** Who waits is refused, and nobody waits any more. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async #serve(): Promise<void> {
    this.#serving = true;
    this.#progress = this.now();
    for (let first; (first = this.#waiting[0]) !== undefined;) {
      if (!this.#closed && await first.attempt()) this.#progress = this.now();
      else if (this.#closed || this.now() - this.#progress >= this.patienceMs) first.refuse();
      else {
        await this.#pause();
        continue;
      }
      this.#waiting.shift();
    }
    this.#serving = false;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #say(lack: Error): void {
    const now = this.now();
    if (now - this.#said < QUIET_MS) return;
    this.#said = now;
    this.log.warn("The system has no room for a job's process or files; it is tried again until there is.", {
      error: lack.message,
    });
  }
}
