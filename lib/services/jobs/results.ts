/** What jobs print, and what comes of them. */

import { Problem } from "../../domain/errors.ts";
import { type EndedJob, isEnded, type Job } from "../../domain/job.ts";
import type { OutputName } from "../ports/processes.ts";
import type { JobContext } from "./context.ts";
import type { Leftovers } from "./leftovers.ts";
import { type Resources, resourcesOf } from "./resources.ts";
import type { JobRegister } from "./register.ts";

export interface JobResult {
  job: EndedJob;
  resources: Resources;
  stdout: { text: string; truncated: boolean };
  stderr: { text: string; truncated: boolean };
}

export class JobResults {
  readonly #context: JobContext;
  readonly #register: JobRegister;
  readonly #leftovers: Leftovers;

  constructor(context: JobContext, register: JobRegister, leftovers: Leftovers) {
    this.#leftovers = leftovers;
    this.#context = context;
    this.#register = register;
  }

  /**
   * What came of a job.
   * @throws {Problem} `not_found` before it has ended, `result_gone` when it was deleted.
   */
  async get(id: number): Promise<JobResult> {
    const job = await this.present(id);
    if (!isEnded(job)) {
      throw new Problem("not_found", `Job ${id} has no result yet: it is ${job.state}. GET /api/statuses/${id} tells.`);
    }
    return await this.#resultOf(job, true, true);
  }

  /** What came of a job that has ended this very moment: an output that was empty then is not looked at again. */
  ofEnded(job: EndedJob): Promise<JobResult> {
    return this.#resultOf(job, job.stdoutBytes > 0, job.stderrBytes > 0);
  }

  async #resultOf(job: EndedJob, hasStdout: boolean, hasStderr: boolean): Promise<JobResult> {
    const { processes, inlineOutput } = this.#context;
    const nothing = { text: "", truncated: false };
    const [stdout, stderr] = await Promise.all([
      hasStdout ? processes.outputTail(job.id, "stdout", inlineOutput) : nothing,
      hasStderr ? processes.outputTail(job.id, "stderr", inlineOutput) : nothing,
    ]);
    return { job, resources: await resourcesOf(job, null, processes), stdout, stderr };
  }

  /** Size of an output in bytes. @throws {Problem} `not_found`, `result_gone`. */
  async size(id: number, name: OutputName): Promise<number> {
    await this.present(id);
    return await this.#context.processes.outputSize(id, name);
  }

  /** Where the last `lines` lines of an output begin, as a byte offset. @throws the signal's reason when it aborts. */
  tailOffset(id: number, name: OutputName, lines: number, signal: AbortSignal): Promise<number> {
    return this.#context.processes.tailOffset(id, name, lines, signal);
  }

  /**
   * An output from byte `start` on, to before `end`.
   * @throws {Problem} `not_found`, `result_gone`.
   */
  async output(
    id: number,
    name: OutputName,
    { start, end }: { start: number; end?: number },
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    await this.present(id);
    return await this.#context.processes.readOutput(id, name, { start, end });
  }

  /** Removes a result and its output; the job stays in the history. @throws {Problem} `not_found`, `result_gone`. */
  async remove(id: number): Promise<void> {
    await this.present(id);
    await this.#register.hideResult(id);
    await this.#context.store.dropOutput(id);
    await this.#leftovers.remove(id);
  }

  /** A job whose result was not deleted. @throws {Problem} `not_found`, `result_gone`. */
  async present(id: number): Promise<Job> {
    const job = (await this.#register.get(id)).value;
    if (isEnded(job) && job.resultDeleted) throw new Problem("result_gone", `The result of job ${id} was deleted.`);
    return job;
  }
}
