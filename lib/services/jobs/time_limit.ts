/** Ends jobs that run longer than they may. Paused time does not count. */

import type { Job } from "../../domain/job.ts";
import type { JobContext } from "./context.ts";
import type { Live } from "./live.ts";
import type { JobRegister } from "./register.ts";

export class TimeLimit {
  constructor(
    private readonly context: JobContext,
    private readonly register: JobRegister,
    /** Begins to end a job whose intent to stop is on disk. */
    private readonly stop: (job: Job) => void,
  ) {}

  /** Sets the job's clock to what is left of its time; one that is paused or being ended has none. */
  arm(live: Live, job: Job): void {
    live.cancelTimeout?.();
    if (job.spec.timeout === undefined || job.state !== "running" || job.run.stop) return;
    const { clock, onError } = this.context;
    const ran = clock.now() - job.run.started - job.run.pausedMs;
    live.cancelTimeout = clock.after(Math.max(0, job.spec.timeout * 1000 - ran), () => {
      this.register.change(job.id, { type: "stop", reason: "timed_out" }, (next) => Promise.resolve(this.stop(next)))
        .catch((error) => onError(`Job ${job.id} is over its time limit and could not be ended`, error));
    });
  }
}
