/**
 * How long the event loop stands still while jobs are started, with 300 MB resident: `deno task bench loop_lag`.
 *
 * Beside it stands the same process doing as much without starting anything (so that what collecting garbage does by
 * itself can be told apart), and one that starts each command in the way that suggests itself for jobs that are to
 * outlive the server. `busy` is processor time, which other work on the machine does not change. `late` includes waiting
 * for a new process to be given a processor, which on a machine with more work than processors takes as long as it takes.
 */

import { openProcesses } from "../lib/process/processes.ts";
import { aim } from "./lib/aims.ts";
import { printTable } from "./lib/table.ts";

const RESIDENT_MB = 300;
const STARTS = Number(Deno.env.get("BENCH_STARTS") ?? 60);
const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 5);
/** Milliseconds between two starts. */
const PAUSE = 20;

const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
const ballast = resident(RESIDENT_MB);
const processes = await openProcesses({ directory: `${directory}/jobs` });
let id = 0;

const request = () => ({ jobId: ++id, cookie: crypto.randomUUID(), spec: { command: "true", grace: 5, priority: 0 } });
async function startOne(): Promise<void> {
  await (await processes.start(request())).ended;
}

const ways: Record<string, () => Promise<unknown>> = {
  "nothing is started": () => Promise.resolve(request()),
  "jobs are started": startOne,
  // More than there are idle shells: half of them have to be started anew.
  "jobs are started, 16 at once": () => Promise.all(id++ % 4 === 0 ? Array.from({ length: 16 }, startOne) : []),
  "detached: true": () => {
    const command = new Deno.Command("/bin/sh", {
      args: ["-c", "true"],
      detached: true,
      stdout: "null",
      stderr: "null",
    });
    return command.spawn().status;
  },
};

/** Memory that is really there, of the kind that a fork has to take along. */
function resident(megabytes: number): Uint8Array {
  const bytes = new Uint8Array(megabytes * 1024 * 1024);
  for (let at = 0; at < bytes.length; at += 4096) bytes[at] = 1;
  return bytes;
}

/** One turn of the event loop, in milliseconds. */
interface Turn {
  /** How late the timer came, less the time for which the machine let this thread wait and ran somebody else. */
  late: number;
  /** What the thread itself was busy for. */
  busy: number;
}

/** Milliseconds for which this thread has run, and for which it could have and was not let; Linux only. */
function scheduled(): { ran: number; waited: number } {
  const [ran, waited] = Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ");
  return { ran: Number(ran) / 1e6, waited: Number(waited) / 1e6 };
}

/** What a timer of a millisecond saw while `turn` was begun again and again. */
async function watch(turn: () => Promise<unknown>): Promise<Turn[]> {
  const seen: Turn[] = [];
  let [then, before] = [performance.now(), scheduled()];
  const timer = setInterval(() => {
    const [now, after] = [performance.now(), scheduled()];
    const late = Math.max(0, now - then - 1 - (after.waited - before.waited));
    seen.push({ late, busy: after.ran - before.ran });
    [then, before] = [now, after];
  }, 1);
  const turns: Promise<unknown>[] = [];
  for (let n = 0; n < STARTS; n++) {
    turns.push(turn());
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  await Promise.all(turns);
  clearInterval(timer);
  return seen;
}

const all = new Map(Object.keys(ways).map((name) => [name, [] as Turn[]]));
for (let round = -1; round < ROUNDS; round++) {
  for (const [name, turn] of Object.entries(ways)) {
    const turns = await watch(turn);
    if (round >= 0) all.get(name)!.push(...turns);
  }
}
const at = (name: string, what: keyof Turn, share: number) => {
  const sorted = all.get(name)!.map((turn) => turn[what]).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};
printTable(
  [`ms, with ${Math.round(Deno.memoryUsage().rss / 2 ** 20)} MB`, "busy, p99", "busy, most", "late, p99", "late, most"],
  [...all.keys()].map((name) => [
    name,
    at(name, "busy", 0.99),
    at(name, "busy", 1),
    at(name, "late", 0.99),
    at(name, "late", 1),
  ]),
);
for (const name of [...all.keys()].filter((name) => name.startsWith("jobs"))) {
  aim(`${name}, and the event loop is busy at a time for at most`, at(name, "busy", 1), { atMost: 10 }, "ms");
}
await processes.close();
await Deno.remove(directory, { recursive: true });
if (ballast[0] !== 1) throw new Error("The ballast is gone.");
