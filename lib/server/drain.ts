/** Stopping in order: nobody new, what goes on may finish within its time, then everything is let go. */

import { logOf } from "../log.ts";
import type { Gate } from "./gate.ts";
import type { Listener } from "./listen.ts";

export interface DrainHooks {
  /** Ends what would wait: held requests, streams, waiters are answered. Called as soon as the draining begins. */
  onDrain(): void | Promise<void>;
  /** Lets go of everything else; called when requests are done or out of time. */
  close(): void | Promise<void>;
}

/** Seconds that connections get to send what was answered once no request is left, even where `drain` is 0. */
const LAST_BYTES = 0.5;

/**
 * `seconds`: how long requests may go on. Resolves when all is closed; connections that would not end in time are left
 * to the end of the process.
 */
export async function drain(gate: Gate, listener: Listener, seconds: number, hooks: DrainHooks): Promise<void> {
  const log = logOf("server");
  const start = performance.now();
  const left = () => Math.max(0, seconds * 1000 - (performance.now() - start));
  const empty = gate.close();
  log.info("Stopping", { requests: gate.inside, drain: seconds });
  await hooks.onDrain();
  if (!await within(empty, left())) log.warn("Requests were cut off", { requests: gate.inside });
  const done = await within(listener.shutdown(), Math.max(left(), LAST_BYTES * 1000));
  if (!done) log.warn("Connections were cut off");
  await hooks.close();
}

/** Whether `promise` settled within `ms` milliseconds. */
async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, ms, false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
