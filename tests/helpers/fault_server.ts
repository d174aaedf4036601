/**
 * The service, killed between two steps: `fault_server.ts SEAM JOB FLAGS…` starts it as `serve` does and sends itself
 * SIGKILL when that job comes to the seam. `throw:SEAM` makes it die of an uncaught exception there instead.
 */

import { Command } from "commander";
import { addServeOptions, flagsOf } from "../../cli/serve_options.ts";
import { startService } from "../../cli/compose.ts";
import { readConfig } from "../../lib/config.ts";
import type { Faults } from "../../lib/services/ports/faults.ts";

Deno.umask(0o077);
const [wanted, job, ...args] = Deno.args as [string, string, ...string[]];
const faults: Faults = {
  reach(seam, jobId) {
    if (jobId !== Number(job)) return;
    if (seam === wanted) Deno.kill(Deno.pid, "SIGKILL");
    if (`throw:${seam}` === wanted) queueMicrotask(() => reportError(new Error("A fault that nobody catches")));
  },
};
const command = new Command();
addServeOptions(command);
command.parse(args, { from: "user" });
const config = readConfig({ flags: flagsOf(command), env: () => undefined, readFile: () => "", processors: 2 });
const service = await startService(config, faults);
Deno.addSignalListener("SIGTERM", () => service.stop().then(() => Deno.exit(0)));
console.log(`Stint listens on ${service.address}`);
