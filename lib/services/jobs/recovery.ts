/** Taking up, at start, the jobs of a server that is no more. */

import { type Job } from "../../domain/job.ts";
import { endOf } from "./ending.ts";
import type { JobContext } from "./context.ts";
import type { JobRegister } from "./register.ts";
import type { Supervisor } from "./supervisor.ts";

/** Adopts every job that has, or may have, processes. They keep their slots even above the limit. */
export async function recoverJobs(context: JobContext, register: JobRegister, supervisor: Supervisor): Promise<void> {
  const active = await context.store.jobs.active();
  await Promise.all(active.map(({ value }) => recover(context, register, supervisor, value)));
}

async function recover(context: JobContext, register: JobRegister, supervisor: Supervisor, job: Job): Promise<void> {
  // A worker's slot is counted with the worker.
  const lease = job.workerId ? { release() {} } : context.slots.force();
  if (await supervisor.adopt(job, lease)) return;
  // The server died after it had decided to start the job and before it did.
  const stop = "run" in job ? job.run?.stop : undefined;
  if (stop || job.workerId) {
    const reason = "The server was restarted before the command began.";
    const facts = { stdoutBytes: 0, stderrBytes: 0, survivors: [], now: context.clock.now() };
    await register.change(job.id, { type: "end", end: endOf({ how: "not_started", reason }, stop, facts) });
  } else {
    await register.change(job.id, { type: "unstart" });
  }
  lease.release();
}
