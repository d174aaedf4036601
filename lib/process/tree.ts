/**
 * What is done to all processes of a job at once: by its control group where it has one, and by looking through `/proc`.
 * The group is asked for each time, because a job that has ended may lose it.
 */

import type { Signal } from "../domain/signal.ts";
import type { SignalTarget } from "../services/ports/processes.ts";
import type { Identity } from "./record.ts";
import { TREE_SCRIPT } from "./scripts/tree.ts";
import { runScript } from "./shell.ts";

export interface ProcessTree {
  pause(): Promise<void>;
  resume(): Promise<void>;
  signal(signal: Signal, to: SignalTarget): Promise<void>;
  members(): Promise<number[]>;
  /** Returns the process ids that outlived SIGKILL. */
  terminate(graceMs: number): Promise<number[]>;
}

export function processTree(identity: Identity, cookie: string): ProcessTree {
  const run = async (action: string, option = "") => {
    const { pid, start, boot, group = "" } = identity;
    const words = ["tree", String(pid), start, boot, cookie, group, action, option];
    const { success, stdout } = await runScript(TREE_SCRIPT, words);
    if (!success && action === "terminate") throw new Error(`The processes of ${pid} could not be ended.`);
    return stdout;
  };
  return {
    pause: async () => void await run("pause"),
    resume: async () => void await run("resume"),
    signal: async ({ number }, to) => void await run(to === "job" ? "signal_one" : "signal", String(number)),
    members: async () => idsIn(await run("list")),
    terminate: async (graceMs) => idsIn(await run("terminate", String(Math.max(0, Math.ceil(graceMs / 10))))),
  };
}

function idsIn(text: string): number[] {
  return text.split(/\s+/).filter((word) => word !== "").map(Number);
}
