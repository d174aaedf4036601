/** Watches over runs whose runner does not speak to this server: begun by a server before it, or the runner was killed. */

import type { Log } from "./log.ts";
import type { Run } from "./run.ts";
import type { RunnerPool } from "./runner_pool.ts";

/** Milliseconds between two looks at the records. */
const LOOK = 250;
/** Whether the processes are alive is asked at every so manyeth look. */
const ASK_EVERY = 4;

export class Watch {
  readonly #runs = new Set<Run>();
  /** Runs whose command was gone when last asked, and whose runner had not written down the end. */
  readonly #missed = new Set<Run>();
  /** Runs whose record could not be read when last tried: said once of each. */
  readonly #unread = new Set<Run>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> = Promise.resolve();
  #looks = 0;
  #closed = false;

  constructor(readonly pool: RunnerPool, readonly log: Log) {}

  add(run: Run): void {
    this.#runs.add(run);
    this.#arm();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#closed || this.#runs.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error) => this.log.warn("Could not look after the running jobs.", { error: String(error) }))
        .then(() => {
          this.#timer = undefined;
          this.#arm();
        });
    }, LOOK);
  }

  async #look(): Promise<void> {
    for (const run of this.#runs) await this.#hasEnded(run);
    if (++this.#looks % ASK_EVERY !== 0 || this.#runs.size === 0 || this.#closed) return;
    const gone = await this.pool.gone([...this.#runs].map((run) => run.identity));
    for (const run of this.#runs) {
      if (!gone.has(run.identity)) this.#missed.delete(run);
      // Its runner may be about to write: one more chance.
      else if (!this.#missed.has(run)) this.#missed.add(run);
      else if (await this.#hasEnded(run) === false) this.#forget(run, () => run.settle({ how: "vanished" }));
    }
  }

  /** Nothing when that cannot be told now: the server may be out of file handles, and read it at the next look. */
  async #hasEnded(run: Run): Promise<boolean | undefined> {
    let ended = false;
    try {
      ended = await run.readEnd();
      this.#unread.delete(run);
    } catch (error) {
      // Without its record nothing will be known of it, but it is watched as long as it lives.
      if (error instanceof Deno.errors.NotFound) return false;
      if (!this.#unread.has(run)) {
        this.log.warn("Could not read the record of a run.", { job: run.jobId, error: String(error) });
      }
      this.#unread.add(run);
      return undefined;
    }
    if (ended) this.#forget(run);
    return ended;
  }

  #forget(run: Run, last?: () => void): void {
    this.#runs.delete(run);
    this.#missed.delete(run);
    this.#unread.delete(run);
    last?.();
  }
}
