/** The jobs that were committed last and have not ended, so that the next step in their lives need not read them back. */

import { isEnded, type Job, type JobSpec } from "../../domain/job.ts";
import type { Versioned } from "../ports/store.ts";

/** More than there are jobs between two steps at any time. */
const CAPACITY = 512;
/** Characters of command and input above which a job is read anew instead: what is kept here stays below 8 million. */
const LONGEST = 16 * 1024;

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
    if (isEnded(job.value) || lengthOf(job.value.spec) > LONGEST) return;
    this.#jobs.set(job.value.id, job);
    if (this.#jobs.size > CAPACITY) this.#jobs.delete(this.#jobs.keys().next().value!);
  }

  drop(id: number): void {
    this.#jobs.delete(id);
  }
}

function lengthOf({ command = "", argv = [], stdin = "", env = {} }: JobSpec): number {
  let length = command.length + stdin.length;
  for (const text of [...argv, ...Object.values(env)]) length += text.length;
  return length;
}
