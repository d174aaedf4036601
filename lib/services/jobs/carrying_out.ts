/** Doing to processes what was decided and is on disk. */

import type { JobContext } from "./context.ts";

/** How long to wait before trying again what the system had no room for; milliseconds. */
const RETRY_MS = 1000;

export class CarryingOut {
  #closed = false;

  constructor(private readonly context: JobContext) {}

  /** Does it, again and again if the system has no room for it at the moment. Gives nothing once it is closed. */
  async run<T>(id: number, what: string, action: () => Promise<T>): Promise<T | undefined> {
    const { faults, onError, clock } = this.context;
    while (!this.#closed) {
      try {
        faults?.reach("signals due", id);
        const result = await action();
        faults?.reach("signals sent", id);
        return result;
      } catch (error) {
        onError(`${what} job ${id} failed; trying again`, error);
        await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
      }
    }
  }

  /** Leaves it to the next server. */
  close(): void {
    this.#closed = true;
  }
}
