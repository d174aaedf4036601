/**
 * Removes the files of jobs that are gone, or whose result is. The store remembers whose files those are from the commit
 * that let go of the job until they have been removed, so that a crash in between leaves none behind.
 */

import type { JobContext } from "./context.ts";

/** How many are looked up, or forgotten, at once. */
const STEP = 64;
/** How long what was done may wait for company before it is written down; milliseconds. */
const GATHER_MS = 1000;
/** Between two steps of clearing up what an earlier server left; milliseconds. */
const PAUSE_MS = 50;

export class Leftovers {
  #done: number[] = [];
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(private readonly context: JobContext) {}

  /** Begins to remove what an earlier server left, in small steps. */
  open(): void {
    this.#collect().catch((error) => {
      // The next server goes on with them.
      if (!this.#closed) this.context.onError("Files of removed jobs could not be removed", error);
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  /** Removes the files of a job and its `attempts` runs. That it is done is written down later, together with others. */
  async remove(jobId: number, attempts: number): Promise<void> {
    await this.context.processes.removeOutput(jobId, attempts);
    this.context.faults?.reach("output removed", jobId);
    this.#done.push(jobId);
    if (this.#done.length >= STEP) this.#forget();
    else this.#cancel ??= this.context.clock.after(GATHER_MS, () => this.#forget());
  }

  async #collect(): Promise<void> {
    const { store, processes, clock } = this.context;
    while (!this.#closed) {
      const ids = await store.jobs.leftovers(STEP);
      if (ids.length === 0) return;
      for (const id of ids) await processes.removeOutput(id);
      await store.forgetLeftovers(ids);
      await new Promise<void>((resolve) => clock.after(PAUSE_MS, resolve));
    }
  }

  #forget(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#closed) return;
    // Should this fail, they are looked at once more at the next start, which does no harm.
    this.context.store.forgetLeftovers(this.#done.splice(0)).catch((error) => {
      if (!this.#closed) this.context.onError("The removal of files could not be written down", error);
    });
  }
}
