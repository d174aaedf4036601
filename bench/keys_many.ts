/**
 * A store of many keys beside one of few: how long the start takes, how much memory it holds, how fast keys are read.
 * `deno run -A --unstable-no-legacy-abort bench/keys_many.ts [keys]` (10,000,000). Needs `wrk` and some 1.5 GB of disk.
 */

import { DatabaseSync } from "node:sqlite";
import { keySum } from "../lib/store/checksum.ts";
import { type Service, startService } from "../tests/helpers/service.ts";
import { aim } from "./lib/aims.ts";
import { median } from "./lib/rounds.ts";
import { printTable } from "./lib/table.ts";
import { isInstalled, wrk } from "./lib/wrk.ts";

const MANY = Number(Deno.args[0] ?? 10_000_000);
const FEW = 10_000;
const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 3);
const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 3);

if (!await isInstalled("wrk")) {
  console.log("Left out: wrk is not installed (Debian: apt-get install wrk).");
  Deno.exit(0);
}

/** Puts the keys where the service finds them, as it would have: over HTTP ten million would take half an hour. */
async function fill(service: Service, keys: number): Promise<void> {
  await service.call("PUT", "/first", { body: "x" });
  await service.stop();
  const db = new DatabaseSync(`${service.data}/stint.db`);
  const insert = db.prepare("INSERT INTO keys (key, version, expires, value, sum) VALUES (?, 1, NULL, ?, ?)");
  const value = new TextEncoder().encode("v".repeat(64));
  const begin = performance.now();
  db.exec("BEGIN");
  for (let i = 0; i < keys; i++) {
    const key = `k${String(i).padStart(8, "0")}`;
    insert.run(key, value, keySum(key, 1, null, value));
    if (i % 1_000_000 === 999_999) db.exec("COMMIT; BEGIN");
  }
  db.prepare("UPDATE counters SET n = n + ? WHERE name = 'keys'").run(keys);
  db.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  console.log(`${keys.toLocaleString("en")} keys put in place in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
}

/** Milliseconds from the program's start to its first line. */
async function start(service: Service): Promise<number> {
  const begin = performance.now();
  await service.start();
  return performance.now() - begin;
}

/** Resident memory, in MiB. */
async function memoryOf({ pid }: Service): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await Deno.readTextFile(`/proc/${pid}/status`))![1]) / 1024;
}

const read = ({ port }: Service, keys: number) =>
  wrk({
    port,
    connections: 64,
    seconds: SECONDS,
    request: `return wrk.format("GET", string.format("/k%08d", math.random(0, ${keys - 1})))`,
  });

await using few = await startService();
await using many = await startService();
await fill(few, FEW);
await fill(many, MANY);
const starts = { few: await start(few), many: await start(many) };
const rates = { few: [] as number[], many: [] as number[], ratio: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  const [a, b] = [await read(few, FEW), await read(many, MANY)];
  rates.few.push(a.perSecond);
  rates.many.push(b.perSecond);
  rates.ratio.push(b.perSecond / a.perSecond);
}
const memory = { few: await memoryOf(few), many: await memoryOf(many) };
printTable(["keys", "start ms", "memory after reading, MiB", "GET/s, 64 connections, any key"], [
  [FEW.toLocaleString("en"), starts.few, memory.few, median(rates.few)],
  [MANY.toLocaleString("en"), starts.many, memory.many, median(rates.many)],
]);
aim("start with many keys", starts.many / 1000, { atMost: 2 }, "s");
aim("memory with many keys, of that with few", memory.many / memory.few, { atMost: 1.5 });
aim("GET with many keys, of that with few", median(rates.ratio), { atLeast: 0.8 });
