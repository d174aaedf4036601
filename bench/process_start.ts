/**
 * How fast jobs start and end, beside what a shell costs anyway, taking turns in one run:
 * `deno task bench process_start`, or `deno run -A --unstable-no-legacy-abort bench/process_start.ts [starts]`
 */

import { openProcesses } from "../lib/process/processes.ts";
import { compete, type Contender } from "./lib/rounds.ts";
import { printTable } from "./lib/table.ts";

const starts = Number(Deno.args[0] ?? 400);
const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
const processes = await openProcesses({ directory: `${directory}/jobs` });
let jobId = 0;

const turns: Record<string, () => Promise<unknown>> = {
  "sh -c true": () => new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output(),
  // The least that gives a job a session of its own and a record of its end.
  "sh that runs setsid sh": () => {
    const script = `setsid /bin/sh -c true; echo "exited $?" >"$0"`;
    return new Deno.Command("/bin/sh", { args: ["-c", script, `${directory}/record.${jobId++}`] }).output();
  },
  "a job, to its end": async () => {
    const request = { jobId: ++jobId, cookie: crypto.randomUUID(), spec: { command: "true", grace: 5, priority: 0 } };
    const run = await processes.start(request);
    const end = await run.ended;
    if (end.how === "exited" && end.quiet) run.giveUp(["stdout", "stderr"]);
  },
};

/** `starts` of them, `clients` at a time. */
function contender(turn: () => Promise<unknown>, clients: number): Contender {
  return async () => {
    let left = starts;
    const begin = performance.now();
    await Promise.all(Array.from({ length: clients }, async () => {
      while (left-- > 0) await turn();
    }));
    return starts / (performance.now() - begin) * 1000;
  };
}

const rows: (string | number)[][] = [];
for (const clients of [1, 8]) {
  const contenders = Object.entries(turns).map(([name, turn]) => [name, contender(turn, clients)]);
  const { standings, ratio } = await compete(Object.fromEntries(contenders), { rounds: 3, seconds: 1 });
  for (const { name, perSecond } of standings) {
    rows.push([`${name}, ${clients} at a time`, perSecond, ratio(name, "sh -c true")]);
  }
}
printTable(["processes alone", "a second", "of sh -c true"], rows);
await processes.close();
await Deno.remove(directory, { recursive: true });
