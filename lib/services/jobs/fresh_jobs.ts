/** The jobs that were committed last and have not ended, so that the next step in their lives need not read them back. */

import { isEnded, type Job } from "../../domain/job.ts";
import type { Versioned } from "../ports/store.ts";

/** More than there are jobs between two steps at any time; a few KiB each. */
const CAPACITY = 512;

/**
 * What it holds may be out of date where somebody else writes too: a commit that expects its version is refused then, and
 * whoever is refused drops it and reads anew.
 */
export class FreshJobs {
  readonly #jobs = new Map<number, Versioned<Job>>();

  get(id: number): Versioned<Job> | undefined {
    return this.#jobs.get(id);
  }

  keep(job: Versioned<Job>): void {
    this.#jobs.delete(job.value.id);
    // What has ended may be removed by whoever tidies up.
    if (isEnded(job.value)) return;
    this.#jobs.set(job.value.id, job);
    if (this.#jobs.size > CAPACITY) this.#jobs.delete(this.#jobs.keys().next().value!);
  }

  drop(id: number): void {
    this.#jobs.delete(id);
  }
}
