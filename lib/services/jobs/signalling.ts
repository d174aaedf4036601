/**
 * Sending signals to jobs. SIGSTOP, SIGCONT and SIGKILL cannot be refused by a process, so to a whole job they are what
 * pausing, resuming and terminating without grace are, and go through its states. Every other signal is delivered and
 * nothing more: what comes of it is the command's affair.
 */

import { Problem } from "../../domain/errors.ts";
import { isActive, type Job } from "../../domain/job.ts";
import { describeState } from "../../domain/job_transition.ts";
import type { Signal } from "../../domain/signal.ts";
import type { SignalTarget } from "../ports/processes.ts";
import type { JobRegister } from "./register.ts";
import type { Supervisor } from "./supervisor.ts";

export class JobSignals {
  constructor(private readonly register: JobRegister, private readonly supervisor: Supervisor) {}

  /**
   * @throws {Problem} `not_found`; `invalid_transition` when the job has no processes, or is paused already and asked to
   * stop; `invalid_request` when a part of a job is asked to stop or to continue.
   */
  async send(id: number, signal: Signal, to: SignalTarget): Promise<Job> {
    if (to === "job" && (signal.name === "SIGSTOP" || signal.name === "SIGCONT")) throw stopsWholeJobs(signal);
    const job = active((await this.register.get(id)).value, signal);
    if (signal.name === "SIGSTOP") {
      return await this.register.change(
        id,
        (job) => active(job, signal) && { type: "pause" },
        () => this.supervisor.pause(id),
      );
    }
    if (signal.name === "SIGCONT" && job.state === "paused") {
      return await this.register.change(
        id,
        (job) => active(job, signal) && { type: "resume" },
        (next) => this.supervisor.resume(next),
      );
    }
    if (signal.name === "SIGKILL" && to === "all" && !job.run.stop) {
      return await this.register.change(
        id,
        (job) => active(job, signal) && { type: "stop", reason: "terminated", grace: 0 },
        (next) => Promise.resolve(this.supervisor.stop(next)),
      );
    }
    return await this.register.within(id, async (job) => {
      active(job, signal);
      await this.supervisor.signal(id, signal, to);
    });
  }
}

/** A job that has processes. */
function active(job: Job, signal: Signal) {
  if (isActive(job)) return job;
  throw new Problem(
    "invalid_transition",
    `Cannot send ${signal.name} to job ${job.id}: it is ${describeState(job)} and has no processes.`,
    { members: { state: job.state } },
  );
}

function stopsWholeJobs({ name }: Signal): Problem {
  const detail = `${name} ${name === "SIGSTOP" ? "pauses" : "resumes"} a job as a whole: leave "to" out, or send "all"`;
  return new Problem("invalid_request", `${detail}.`, { errors: [{ pointer: "/to", detail }] });
}
