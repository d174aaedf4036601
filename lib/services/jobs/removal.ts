/** Removing jobs from the history. */

import { Problem } from "../../domain/errors.ts";
import { attemptOf, isActive, isEnded, type Job } from "../../domain/job.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Leftovers } from "./leftovers.ts";
import type { JobRegister } from "./register.ts";

export class Removal {
  /** `terminate`: begins to end a job. */
  constructor(
    private readonly register: JobRegister,
    private readonly dependencies: Dependencies,
    private readonly leftovers: Leftovers,
    private readonly terminate: (id: number) => Promise<Job>,
  ) {}

  /**
   * Removes a job, its result and its output. With `terminate` one that still runs is ended first.
   * @throws {Problem} `not_found`, `still_active`.
   */
  async remove(id: number, { terminate }: { terminate: boolean }): Promise<void> {
    let job = (await this.register.get(id)).value;
    if (isActive(job) && !terminate) throw stillActive(job);
    if (!isEnded(job)) job = await this.#end(job);
    // Who waits for it is told first: afterwards nobody would know how it ended.
    await this.dependencies.settle(id);
    await this.register.remove(id, (job) => {
      if (!isEnded(job)) throw stillActive(job);
    });
    await this.leftovers.remove(id, attemptOf(job));
  }

  async #end(job: Job): Promise<Job> {
    const stopping = isActive(job) && job.run.stop;
    if (!stopping) job = await this.#terminate(job.id);
    return isEnded(job) ? job : await this.register.waitEnd(job.id, new AbortController().signal);
  }

  /** Ends a job, unless it has just come to its end by itself or somebody else is ending it. */
  async #terminate(id: number): Promise<Job> {
    try {
      return await this.terminate(id);
    } catch (error) {
      if (error instanceof Problem && error.code === "invalid_transition") return (await this.register.get(id)).value;
      throw error;
    }
  }
}

function stillActive(job: Job): Problem {
  return new Problem(
    "still_active",
    `Job ${job.id} is ${job.state}. Terminate it first, or add ?terminate=true to do both.`,
    { members: { state: job.state } },
  );
}
