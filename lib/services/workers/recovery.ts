/** Taking up, at start, the workers of a server that is no more. */

import { isEnded } from "../../domain/job.ts";
import type { WorkersContext } from "./context.ts";
import type { JobCompanion } from "./job_companion.ts";
import { workerFactsOf, workerStateOf } from "./job_mirror.ts";
import type { Entry, WorkerRegister } from "./register.ts";

/**
 * Reservations that still hold keep their slot, even above the limit, and are given back so that their time may be
 * watched. Overdue ones expire. Transfers were cut. Workers with a job go the way of the job.
 */
export async function recoverWorkers(
  context: WorkersContext,
  register: WorkerRegister,
  jobs: JobCompanion,
): Promise<Entry[]> {
  const reserved: Entry[] = [];
  for (const { value, version } of await context.store.workers.active()) {
    const entry = register.add({ worker: value, version, lease: context.slots.force() });
    if (value.kind === "job") await recoverJob(context, register, jobs, entry);
    else if (value.state !== "reserved") await cut(context, register, entry);
    else if (value.expires <= context.clock.now()) await register.end(entry, "expired", { ended: value.expires });
    else reserved.push(entry);
  }
  return reserved;
}

async function cut(context: WorkersContext, register: WorkerRegister, entry: Entry): Promise<void> {
  const error = "The server was restarted during the transfer.";
  await register.end(entry, "failed", { ended: context.clock.now(), error });
}

async function recoverJob(
  context: WorkersContext,
  register: WorkerRegister,
  jobs: JobCompanion,
  entry: Entry,
): Promise<void> {
  const { jobId } = entry.worker;
  const job = jobId === null ? undefined : (await context.store.jobs.get(jobId))?.value;
  if (!job) {
    await register.end(entry, "failed", { ended: context.clock.now(), error: "Its job is gone." });
  } else if (isEnded(job)) {
    await register.end(entry, workerStateOf(job), workerFactsOf(job));
  } else {
    jobs.attach(entry, job.id);
  }
}
