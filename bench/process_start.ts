/**
 * How fast jobs start and end, beside what a shell costs anyway. All in one run, so that the ratios mean something on a
 * noisy machine: `deno run -A --unstable-no-legacy-abort bench/process_start.ts [starts]`
 */

import { openProcesses } from "../lib/process/processes.ts";

const starts = Number(Deno.args[0] ?? 400);
const ROUNDS = 3;
const directory = await Deno.makeTempDir();
const processes = await openProcesses({ directory: `${directory}/jobs` });
let jobId = 0;

async function bare(): Promise<void> {
  await new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output();
}

/** The least that gives a job a session of its own and a record of its end. */
async function wrapper(): Promise<void> {
  const record = `${directory}/record.${jobId++}`;
  const script = `setsid /bin/sh -c true; echo "exited $?" >"$0"`;
  await new Deno.Command("/bin/sh", { args: ["-c", script, record] }).output();
}

async function ours(): Promise<void> {
  const handle = await processes.start({
    jobId: ++jobId,
    cookie: crypto.randomUUID(),
    spec: { command: "true", grace: 5, priority: 0 },
  });
  await handle.ended;
}

/** Turns a second, `clients` at a time. */
async function rate(turn: () => Promise<void>, clients: number): Promise<number> {
  let left = starts;
  const begin = performance.now();
  await Promise.all(Array.from({ length: clients }, async () => {
    while (left-- > 0) await turn();
  }));
  return starts / (performance.now() - begin) * 1000;
}

console.log("clients  what                 per second (median)  of bare");
for (const clients of [1, 8]) {
  const results = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (
      const [name, turn] of Object.entries({
        "bare sh -c true": bare,
        "setsid wrapper": wrapper,
        "job, to its end": ours,
      })
    ) {
      results.set(name, [...results.get(name) ?? [], await rate(turn, clients)]);
    }
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const base = median(results.get("bare sh -c true")!);
  for (const [name, values] of results) {
    const value = median(values);
    console.log(
      `${String(clients).padStart(7)}  ${name.padEnd(20)} ${value.toFixed(0).padStart(19)}  ${
        (value / base).toFixed(2)
      }`,
    );
  }
}
await processes.close();
await Deno.remove(directory, { recursive: true });
