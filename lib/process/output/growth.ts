/** Notices that files grow: one look at a file serves all who watch it, and nobody looks when nobody watches. */

import { sizeOf } from "./files.ts";

/** Milliseconds between two looks at a file. */
const LOOK = 50;

interface Watched {
  waiters: Set<{ beyond: number; wake: () => void }>;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class Growth {
  readonly #files = new Map<string, Watched>();

  /** Resolves when the file is longer than `beyond` bytes, or `signal` aborts. */
  async longerThan(path: string, beyond: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const watched = this.#files.get(path) ?? { waiters: new Set(), timer: undefined };
    this.#files.set(path, watched);
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const waiter = { beyond, wake };
    watched.waiters.add(waiter);
    signal.addEventListener("abort", wake, { once: true });
    this.#arm(path, watched);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", wake);
      watched.waiters.delete(waiter);
      if (watched.waiters.size === 0 && this.#files.get(path) === watched) {
        clearTimeout(watched.timer);
        this.#files.delete(path);
      }
    }
  }

  #arm(path: string, watched: Watched): void {
    if (watched.timer !== undefined || watched.waiters.size === 0) return;
    watched.timer = setTimeout(async () => {
      // What cannot be looked at now may be readable later; the reader says what is wrong with it.
      const size = await sizeOf(path).catch(() => Infinity);
      for (const waiter of watched.waiters) if (size > waiter.beyond) waiter.wake();
      watched.timer = undefined;
      this.#arm(path, watched);
    }, LOOK);
  }
}
