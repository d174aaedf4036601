/** How much a job may write: `max_output` of its own, else the server's `--max-output`, for each output. */

import type { Job, StopIntent } from "../../domain/job.ts";
import type { JobContext } from "./context.ts";
import { OutputGuard } from "./output_guard.ts";

const DEFAULT = 2 ** 30;
/** Bytes that a job may write after it was asked to end; more, and it is killed before its grace is over. */
const LAST_WORDS = 8 * 1024 * 1024;

export class OutputLimit {
  readonly #context: JobContext;
  readonly #guard: OutputGuard;

  constructor(context: JobContext) {
    this.#context = context;
    this.#guard = new OutputGuard(context.clock, (id, output) => context.processes.openOutput(id, output).size());
  }

  /** Calls `floods` once when the job writes too much. Returns a function that calls the watch off. */
  watch(job: Job, floods: (stop: StopIntent) => void): () => void {
    const limit = this.#limitOf(job);
    return this.#guard.guard(job.id, limit, (output) => {
      const error = `It was ended because its ${output} passed ${limit} bytes, which is what it may write ` +
        `(${job.spec.maxOutput === undefined ? "--max-output" : "max_output"}).`;
      floods({ reason: "output_limit", at: this.#context.clock.now(), error });
    });
  }

  /** The same for a job that is being ended: `floods` is called when it makes use of its grace to write on. */
  watchEnding(job: Job, floods: () => void): () => void {
    const { processes } = this.#context;
    const sizes = (["stdout", "stderr"] as const).map((output) => processes.openOutput(job.id, output).size());
    return this.#guard.guard(job.id, Math.max(this.#limitOf(job), ...sizes) + LAST_WORDS, floods);
  }

  close(): void {
    this.#guard.close();
  }

  #limitOf(job: Job): number {
    return job.spec.maxOutput ?? this.#context.maxOutput ?? DEFAULT;
  }
}
