/** Taking up a run that was begun before. */

import type { RunHandle, RunRequest } from "../services/ports/processes.ts";
import { findOrClaim, type FoundRecord, readRecord } from "./claim.ts";
import type { Context } from "./context.ts";
import { shardOf, stemOf } from "./places.ts";
import { endOf } from "./record.ts";
import { processless, Run } from "./run.ts";

/** Milliseconds that a runner may take between creating a record and writing to it, on the busiest machine. */
const EMPTY_RECORD_PATIENCE = 10_000;
/** Milliseconds between two looks at a record that is still empty. */
const LOOK = 50;

/** See `Processes.adopt`. A lack of file handles says nothing about the run: it is waited for. */
export async function adopt(context: Context, request: RunRequest): Promise<RunHandle | "never_began"> {
  await Deno.mkdir(shardOf(context.directory, request.jobId), { recursive: true, mode: 0o700 });
  const stem = stemOf(context.directory, request.jobId);
  const first = await context.pool.room.have(() => findOrClaim(stem, request.attempt));
  context.faults.reach(first ? "record found" : "record claimed", request.jobId);
  if (!first) return "never_began";
  let found: FoundRecord = first;
  while (isEmpty(found) && Date.now() - found.changed < EMPTY_RECORD_PATIENCE) {
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    found = await context.pool.room.have(() => readRecord(first.path));
  }
  const { identity, started, lent } = found.record;
  // Its keeper has them open by now, unless it is gone.
  if (lent) await context.spares.reclaim(lent, [`${stem}.stdout`, `${stem}.stderr`]);
  if (!identity) {
    return processless(request, endOf(found.record, request.spec, found.changed) ?? { how: "vanished" });
  }
  const run = new Run(request, found.path, identity, started ?? found.changed);
  if (await run.readEnd(found)) return run;
  if (identity.boot !== await context.pool.boot()) run.settle({ how: "vanished" });
  else context.watch.add(run);
  return run;
}

/** Whether it is not known yet what becomes of the run. */
function isEmpty({ record }: FoundRecord): boolean {
  return !record.identity && !record.refused;
}
