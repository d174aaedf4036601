/** Finding a worker, and saying why it is of no use. */

import { Problem } from "../../domain/errors.ts";
import type { Worker } from "../../domain/worker.ts";
import type { WorkersContext } from "./context.ts";
import type { Entry, WorkerRegister } from "./register.ts";

/** How long an id that has ended still answers. */
export const REMEMBER_MS = 24 * 60 * 60 * 1000;

/**
 * A worker, ended or not; `entry` is there while it has not.
 * @throws {Problem} `worker_unknown`, `worker_expired`.
 */
export async function findWorker(
  { store, clock }: WorkersContext,
  register: WorkerRegister,
  id: string,
): Promise<{ worker: Worker; entry?: Entry }> {
  const entry = register.entries.get(id);
  const worker = entry?.worker ?? (await store.workers.get(id))?.value;
  const now = clock.now();
  if (!worker || (worker.ended !== null && worker.ended + REMEMBER_MS <= now)) throw unknownWorker(id);
  if (worker.state === "expired" || (worker.state === "reserved" && worker.expires <= now)) throw expired(worker);
  return { worker, ...(entry && { entry }) };
}

/**
 * A worker that may be used now.
 * @throws {Problem} `worker_unknown`, `worker_expired`, `worker_used`.
 */
export async function usableWorker(context: WorkersContext, register: WorkerRegister, id: string): Promise<Entry> {
  const { worker, entry } = await findWorker(context, register, id);
  if (entry && worker.state === "reserved") return entry;
  throw used(worker);
}

export function used(worker: Worker): Problem {
  const how = worker.kind === null ? `is ${worker.state}` : `has been used for one ${worker.kind} already`;
  return new Problem("worker_used", `Worker ${worker.id} ${how}. Each serves once; GET /new_job/ gives a new one.`, {
    members: { state: worker.state },
  });
}

export function unknownWorker(id: string): Problem {
  return new Problem(
    "worker_unknown",
    `There is no worker ${
      JSON.stringify(id.slice(0, 100))
    }. GET /new_job/ gives one; an ended one is forgotten after 24 hours.`,
  );
}

function expired(worker: Worker): Problem {
  const seconds = Math.round((worker.expires - worker.created) / 1000);
  return new Problem(
    "worker_expired",
    `Worker ${worker.id} has expired: it was not used within ${seconds} seconds. GET /new_job/ gives a new one.`,
    { members: { expired: new Date(worker.expires).toISOString() } },
  );
}
