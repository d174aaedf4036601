/** Changing a worker's state because somebody asked for it. */

import { Problem } from "../../domain/errors.ts";
import type { Worker } from "../../domain/worker.ts";
import type { WorkersContext } from "./context.ts";
import { findWorker } from "./lookup.ts";
import type { Entry, WorkerRegister } from "./register.ts";

/** What a caller may ask a worker to become. */
export type WorkerWish = "running" | "paused" | "terminated";

/** @throws {Problem} `worker_unknown`, `worker_expired`, `invalid_transition`, `storage_full`, `storage_failed`. */
export async function modifyWorker(
  context: WorkersContext,
  register: WorkerRegister,
  id: string,
  wish: WorkerWish,
): Promise<void> {
  // A job's state leads its worker's, and has an order of its own; waiting for it under this worker's lock would hold up both.
  const job = await register.lock.run(id, () => modifyTransfer(context, register, id, wish));
  if (job) await controlJob(job, wish);
}

/** Under the worker's lock: what it was before, somebody may have changed meanwhile. Gives back the entry of a job. */
async function modifyTransfer(
  context: WorkersContext,
  register: WorkerRegister,
  id: string,
  wish: WorkerWish,
): Promise<Entry | undefined> {
  const { worker, entry } = await findWorker(context, register, id);
  if (!entry) throw refused(worker, wish);
  if (worker.kind === "job") return entry;
  if (worker.state === "reserved" && wish !== "terminated") throw notBegun(worker, wish);
  const live = entry.live;
  const bytes = live ? await live.bytes() : 0;
  const ended = wish === "terminated" ? { ended: context.clock.now() } : {};
  const outcome = await register.change(entry, wish, { bytes, ...ended });
  if (!outcome.done) throw new Error(`Worker ${id} was changed by somebody else.`);
  if (wish === "paused") await live?.pause();
  if (wish === "running") await live?.resume();
  if (wish === "terminated") await live?.terminate();
}

async function controlJob({ worker, live }: Entry, wish: WorkerWish): Promise<void> {
  if (!live) throw refused(worker, wish);
  if (wish === "paused") return await live.pause();
  if (wish === "running") return await live.resume();
  await live.terminate();
}

function refused(worker: Worker, wish: WorkerWish): Problem {
  return new Problem("invalid_transition", `Worker ${worker.id} cannot become ${wish}: it is ${worker.state}.`, {
    members: { state: worker.state },
  });
}

function notBegun(worker: Worker, wish: WorkerWish): Problem {
  return new Problem(
    "invalid_transition",
    `Worker ${worker.id} cannot become ${wish}: it is reserved, and an upload, download or job has to begin it.`,
    { members: { state: worker.state } },
  );
}
