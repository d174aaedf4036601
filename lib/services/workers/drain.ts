/** Letting transfers come to their end before the server stops. */

import type { WorkersContext } from "./context.ts";
import type { Entry, WorkerRegister } from "./register.ts";

/** How long one that was broken off may take to clean up. */
const LAST_CHANCE_MS = 2000;

/**
 * Waits for the transfers under way, at most `ms` milliseconds, then breaks off what is left. Paused ones, which wait for
 * somebody who will find no server, are broken off at once.
 */
export async function drainTransfers(context: WorkersContext, register: WorkerRegister, ms: number): Promise<void> {
  for (const entry of transfers(register)) {
    if (entry.worker.state === "paused") breakOff(entry);
  }
  await settled(context, register, ms);
  for (const entry of transfers(register)) breakOff(entry);
  await settled(context, register, LAST_CHANCE_MS);
}

function transfers(register: WorkerRegister): Entry[] {
  return [...register.entries.values()].filter((entry) => entry.live?.breakOff !== undefined);
}

function breakOff(entry: Entry): void {
  entry.live?.breakOff?.("The server was shut down during the transfer.");
}

/** Resolves when no transfer is left, or when the time is over. */
function settled(context: WorkersContext, register: WorkerRegister, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const cancel = context.clock.after(ms, resolve);
    const look = () => {
      if (transfers(register).length > 0) return;
      cancel();
      resolve();
    };
    register.onSettled(look);
    look();
  });
}
