/**
 * What is done to all processes of a job at once: by its control group where it has one, and by looking through `/proc`.
 * The group is asked for each time, because a job that has ended may lose it.
 */

import type { Signal } from "../domain/signal.ts";
import type { SignalTarget } from "../services/ports/processes.ts";
import type { Identity } from "./record.ts";
import { TREE_SCRIPT } from "./scripts/tree.ts";

export interface ProcessTree {
  pause(): Promise<void>;
  resume(): Promise<void>;
  signal(signal: Signal, to: SignalTarget): Promise<void>;
  members(): Promise<number[]>;
  /** Returns the process ids that outlived SIGKILL. */
  terminate(graceMs: number): Promise<number[]>;
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export function processTree(identity: Identity, cookie: string): ProcessTree {
  const run = async (action: string, option = "") => {
    const { pid, start, boot, group = "" } = identity;
    const { success, stdout } = await new Deno.Command("/bin/sh", {
      args: ["-c", TREE_SCRIPT, "tree", String(pid), start, boot, cookie, group, action, option],
      clearEnv: true,
      env: { PATH, LC_ALL: "C" },
      cwd: "/",
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output();
    if (!success && action === "terminate") throw new Error(`The processes of ${pid} could not be ended.`);
    return new TextDecoder().decode(stdout);
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
