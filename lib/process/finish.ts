/** The end of a run, as its runner tells it. */

import type { Breach } from "../domain/confinement.ts";
import type { RunEnd } from "../services/ports/processes.ts";
import type { Context } from "./context.ts";
import type { Lent } from "./output/spares.ts";
import type { Cpu } from "./record.ts";
import type { Run } from "./run.ts";
import type { Outcome } from "./runner.ts";
import { signalOf } from "./signals.ts";

/** What a runner says of the end of a command. */
export interface Told {
  code: number;
  quiet: boolean;
  cpu?: Cpu | null;
  broke?: Breach;
}

/** Codes above this may be a signal's; the record says more then. */
const PLAIN_CODES = 128;

/** A run's runner has spoken its last about it. What it says stands in the record too, which need not be read then. */
export async function finish(context: Context, run: Run, outcome: Outcome, told: Told | undefined): Promise<void> {
  if (told && told.code <= PLAIN_CODES) return run.settle(exited(run, told, null));
  try {
    if (await run.readEnd()) return;
  } catch (error) {
    context.log.warn("Could not read the record of a run.", { job: run.jobId, error: String(error) });
  }
  if (outcome === "closed") return context.watch.add(run);
  // The end could not be written down: the disk is full, or the record was removed.
  run.settle(told ? exited(run, told, signalOf(told.code, true, false)) : { how: "vanished" });
}

function exited(run: Run, { code, quiet, cpu = null, broke }: Told, signal: string | null): RunEnd {
  return { how: "exited", code, signal, ended: Math.max(Date.now(), run.started), cpu, quiet, ...(broke && { broke }) };
}

/** What becomes of the files that a run was lent, where they cannot be lent to the next one yet. */
export async function settleUp(context: Context, lent: Lent, run: Run | undefined, outcome: Outcome): Promise<void> {
  // It did not come to the command, perhaps because of these files: the next one is not to fail of them too.
  if (!run && outcome !== "closed") return await lent.discard();
  // Its record says whether they were used.
  if (!run) return lent.forget();
  try {
    await lent.settle();
  } catch (error) {
    // Whoever reads them tries again.
    context.log.warn("The outputs of a run are not in their places.", { job: run.jobId, error: String(error) });
  }
}
