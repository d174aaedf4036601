/**
 * A server's worth of processes, to be killed: starts the jobs given as JSON, says so, and stays.
 * Runs with the permissions that the server has.
 */

import { openProcesses } from "../../../../lib/process/processes.ts";
import type { RunRequest } from "../../../../lib/services/ports/processes.ts";

const [directory, shell, requests] = Deno.args as [string, string, string];
const processes = await openProcesses({ directory, shell });
for (const request of JSON.parse(requests) as RunRequest[]) await processes.start(request);
console.log("started");
if (Deno.args[3] === "throw") setTimeout(() => Promise.reject(new Error("uncaught")), 0);
await new Promise((resolve) => setTimeout(resolve, 600_000));
