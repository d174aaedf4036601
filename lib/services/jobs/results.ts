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
    const job = await this.#present(id);
    if (!isEnded(job)) {
      throw new Problem("not_found", `Job ${id} has no result yet: it is ${job.state}. GET /api/statuses/${id} tells.`);
    }
    const { processes, inlineOutput } = this.#context;
    return {
      job,
      resources: await resourcesOf(job, null, processes),
      stdout: await processes.outputTail(id, "stdout", inlineOutput),
      stderr: await processes.outputTail(id, "stderr", inlineOutput),
    };
  }

  /** Size of an output in bytes. @throws {Problem} `not_found`, `result_gone`. */
  async size(id: number, name: OutputName): Promise<number> {
    await this.#present(id);
    return await this.#context.processes.outputSize(id, name);
  }

  /** Where the last `lines` lines of an output begin, as a byte offset. */
  tailOffset(id: number, name: OutputName, lines: number): Promise<number> {
    return this.#context.processes.tailOffset(id, name, lines);
  }

  /**
   * An output from byte `start` on, to before `end`. With `follow` it goes on until the job has ended or `signal` aborts.
   * @throws {Problem} `not_found`, `result_gone`.
   */
  async output(
    id: number,
    name: OutputName,
    { start, end, follow, signal }: { start: number; end?: number; follow?: boolean; signal: AbortSignal },
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    await this.size(id, name);
    if (!follow) return await this.#context.processes.readOutput(id, name, { start, end });
    const over = new AbortController();
    this.#register.waitEnd(id, signal).then(() => over.abort(), () => over.abort());
    return await this.#context.processes.readOutput(id, name, { start, end, follow: over.signal });
  }

  /** Removes a result and its output; the job stays in the history. @throws {Problem} `not_found`, `result_gone`. */
  async remove(id: number): Promise<void> {
    await this.#present(id);
    await this.#register.hideResult(id);
    await this.#context.store.dropOutput(id);
    await this.#leftovers.remove(id);
  }

  /** A job whose result was not deleted. */
  async #present(id: number): Promise<Job> {
    const job = (await this.#register.get(id)).value;
    if (isEnded(job) && job.resultDeleted) throw new Problem("result_gone", `The result of job ${id} was deleted.`);
    return job;
  }
}
