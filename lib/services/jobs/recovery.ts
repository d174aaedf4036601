/** Taking up, at start, the jobs of a server that is no more. */

import type { Job } from "../../domain/job.ts";
import type { RunEnd } from "../ports/processes.ts";
import { endOf } from "./ending.ts";
import type { JobContext } from "./context.ts";
import type { JobRegister } from "./register.ts";
import type { Supervisor } from "./supervisor.ts";

/** How many jobs are taken up at once: each costs file handles and a process for a moment. */
const AT_ONCE = 6;

/** Adopts every job that has, or may have, processes. They keep their slots even above the limit. */
export async function recoverJobs(context: JobContext, register: JobRegister, supervisor: Supervisor): Promise<void> {
  const active = (await context.store.jobs.active()).values();
  const take = async () => {
    for (const { value } of active) await recover(context, register, supervisor, value);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

async function recover(context: JobContext, register: JobRegister, supervisor: Supervisor, job: Job): Promise<void> {
  // A worker's slot is counted with the worker.
  const lease = job.workerId ? { release() {} } : context.slots.force();
  const stop = "run" in job ? job.run?.stop : undefined;
  const finish = async (end: RunEnd) => {
    const facts = { stdoutBytes: 0, stderrBytes: 0, survivors: [], now: context.clock.now() };
    await register.change(job.id, { type: "end", end: endOf(end, stop, facts) });
    lease.release();
  };
  try {
    if (await supervisor.adopt(job, lease)) return;
  } catch (error) {
    // One record that cannot be read must not keep the others waiting for a server.
    context.onError(`What became of job ${job.id} cannot be read; it is lost`, error);
    return await finish({ how: "vanished" });
  }
  // The server died after it had decided to start the job and before it did.
  if (stop || job.workerId) {
    return await finish({ how: "not_started", reason: "The server was restarted before the command began." });
  }
  await register.change(job.id, { type: "unstart" });
  lease.release();
}
