/** The job engine on a real store and real processes, without HTTP. */

import { systemClock } from "../../lib/clock.ts";
import { openProcesses } from "../../lib/process/processes.ts";
import type { Faults } from "../../lib/services/ports/faults.ts";
import { Jobs } from "../../lib/services/jobs/jobs.ts";
import { Slots } from "../../lib/services/slots.ts";
import { openStore } from "../../lib/store/open.ts";

export interface JobEngine extends AsyncDisposable {
  jobs: Jobs;
  slots: Slots;
  errors: string[];
  /** Lets go as a server that stops does: jobs go on. */
  close(): Promise<void>;
}

export async function openJobEngine(
  directory: string,
  options: { slots?: number; faults?: Faults } = {},
): Promise<JobEngine> {
  const store = await openStore({ directory });
  const processes = await openProcesses({ directory: `${directory}/jobs` });
  const slots = new Slots(options.slots ?? 4);
  const errors: string[] = [];
  const jobs = new Jobs({
    store,
    processes,
    slots,
    clock: systemClock(),
    inlineOutput: 1 << 20,
    faults: options.faults,
    onError: (message, error) => errors.push(`${message}: ${error}`),
  });
  await jobs.open();
  let open = true;
  const close = async () => {
    if (!open) return;
    open = false;
    jobs.close();
    await processes.close();
    await store.close();
  };
  return { jobs, slots, errors, close, [Symbol.asyncDispose]: close };
}
