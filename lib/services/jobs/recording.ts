/** Writing down how jobs ended: what they printed is made findable first, and its files are of use to others after. */

import { type EndedJob, isEnded, type Job } from "../../domain/job.ts";
import type { Usage } from "../../domain/usage.ts";
import type { OutputName, RunEnd } from "../ports/processes.ts";
import type { CarryingOut } from "./carrying_out.ts";
import type { JobContext } from "./context.ts";
import { endOf } from "./ending.ts";
import { type Live, stopOf, usageOf } from "./live.ts";
import type { JobRegister } from "./register.ts";
import { endOrRetry } from "./retry.ts";

/** How long to wait before trying again to write down what the disk did not take; milliseconds. */
const RETRY_MS = 1000;

const STOPPED_MEANWHILE = new Error("The job was asked to stop as it ended.");

export class Recording {
  #closed = false;

  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    private readonly carryingOut: CarryingOut,
  ) {}

  /** Leaves what is not written yet to the next server. */
  close(): void {
    this.#closed = true;
  }

  /**
   * Writes the end down, again and again until the disk takes it: a job that has ended must not stay `running`. Gives the
   * job as it is then; nothing when this was closed before.
   */
  async record(id: number, end: RunEnd, live: Live): Promise<Job | undefined> {
    const usage = usageOf(live);
    for (let indexed = false; !this.#closed;) {
      try {
        const quiet = end.how === "exited" && end.quiet;
        const outputs = quiet ? { stdoutBytes: 0, stderrBytes: 0 } : await this.#outputSizes(id);
        // First, so that the output can be found from the moment the result is there.
        if (!indexed && outputs.stdoutBytes + outputs.stderrBytes > 0) await this.#index(id, outputs);
        indexed = true;
        this.context.faults?.reach("output indexed", id);
        const job = await this.#write(id, end, live, { ...outputs, usage });
        if (isEnded(job)) await this.#giveUpFiles(job, live);
        return job;
      } catch (error) {
        // The wish to end it came as it ended: its survivors are known when that has been done.
        if (error === STOPPED_MEANWHILE) continue;
        this.context.onError(`The end of job ${id} could not be written down; trying again`, error);
        await new Promise<void>((resolve) => this.context.clock.after(RETRY_MS, resolve));
      }
    }
  }

  async #write(
    id: number,
    end: RunEnd,
    live: Live,
    { usage, ...outputs }: { stdoutBytes: number; stderrBytes: number; usage: Usage | null },
  ): Promise<Job> {
    const { clock } = this.context;
    const stopping = live.terminating;
    const survivors = await this.#leftOf(id, end, live);
    return await this.register.change(id, (job) => {
      if (stopOf(job) && !stopping) throw STOPPED_MEANWHILE;
      const facts = { ...outputs, survivors, now: clock.now() };
      const stop = stopOf(job) ?? live.unwritten;
      return endOrRetry(job, { ...endOf(end, stop, facts), usage }, stop, clock.wall());
    });
  }

  /** Processes that are still there: those that would not go, or those of a job of which nobody knows the end. */
  async #leftOf(id: number, end: RunEnd, live: Live): Promise<number[]> {
    if (live.terminating) return await live.survivors.promise;
    if (end.how !== "vanished") return [];
    const handle = await live.handle;
    return await this.carryingOut.run(id, "Looking for the processes of", () => handle.members()) ?? [];
  }

  async #outputSizes(id: number): Promise<{ stdoutBytes: number; stderrBytes: number }> {
    const { processes } = this.context;
    const sizes = [processes.outputSize(id, "stdout"), processes.outputSize(id, "stderr")] as const;
    const [stdoutBytes, stderrBytes] = await Promise.all(sizes);
    return { stdoutBytes, stderrBytes };
  }

  async #index(id: number, sizes: { stdoutBytes: number; stderrBytes: number }): Promise<void> {
    const { processes, store, inlineOutput } = this.context;
    const texts: { text: string }[] = [];
    if (sizes.stdoutBytes > 0) texts.push(await processes.outputTail(id, "stdout", inlineOutput));
    if (sizes.stderrBytes > 0) texts.push(await processes.outputTail(id, "stderr", inlineOutput));
    await store.indexOutput(id, texts.map(({ text }) => text).filter((text) => text !== ""));
  }

  /** What it printed nothing to can serve the next one. */
  async #giveUpFiles({ stdoutBytes, stderrBytes }: EndedJob, live: Live): Promise<void> {
    const empty: OutputName[] = [];
    if (stdoutBytes === 0) empty.push("stdout");
    if (stderrBytes === 0) empty.push("stderr");
    if (empty.length > 0) await live.handle.then((handle) => handle.giveUp(empty), () => {});
  }
}
