/**
 * Durable puts and gets of 64-byte values over HTTP, beside a bare `Deno.serve`, a loop that only writes and syncs, etcd
 * and Redis: all in one run, in turns. `BENCH_SECONDS` (3) a turn, `BENCH_ROUNDS` (3). Needs `wrk`; peers that are not
 * installed (Debian: etcd-server, redis-server) are left out.
 */

import { startService } from "../tests/helpers/service.ts";
import { aim } from "./lib/aims.ts";
import { startBare } from "./lib/bare.ts";
import { fsyncLoop } from "./lib/fsync_loop.ts";
import { redisRate, startEtcd, startRedis } from "./lib/peers.ts";
import { compete, type Contender, median } from "./lib/rounds.ts";
import { printTable } from "./lib/table.ts";
import { countThreads } from "./lib/threads.ts";
import { isInstalled, wrk, type WrkResult } from "./lib/wrk.ts";

const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 3);
const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 3);

const PUT = 'return wrk.format("PUT", "/k" .. (n % 10000), nil, value)';
const GET = 'return wrk.format("GET", "/k" .. (n % 10000))';
// base64 of k0000 to k9999 is made by hand: the gateway takes and gives nothing else.
const ETCD = (path: string, body: string) => `
  local b = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  local k = string.format("k%05d", n % 10000)
  local key = ""
  for i = 1, 6, 3 do
    local x = k:byte(i) * 65536 + k:byte(i + 1) * 256 + k:byte(i + 2)
    for s = 18, 0, -6 do local j = math.floor(x / 2 ^ s) % 64; key = key .. b:sub(j + 1, j + 1) end
  end
  return wrk.format("POST", "${path}", nil, ${body})`;
const ETCD_PUT = ETCD("/v3/kv/put", `'{"key":"' .. key .. '","value":"${btoa("v".repeat(64))}"}'`);
const ETCD_GET = ETCD("/v3/kv/range", `'{"key":"' .. key .. '"}'`);

if (!await isInstalled("wrk")) {
  console.log("Left out: wrk is not installed (Debian: apt-get install wrk).");
  Deno.exit(0);
}
const withEtcd = await isInstalled("etcd");
const withRedis = await isInstalled("redis-server") && await isInstalled("redis-benchmark");
if (!withEtcd) console.log("etcd is left out: it is not installed (Debian: etcd-server).");
if (!withRedis) console.log("Redis is left out: it is not installed (Debian: redis-server).");

await using stack = new AsyncDisposableStack();
const bare = stack.use(await startBare());
const alike = stack.use(await startBare("alike"));
const syncing = stack.use(await startBare("syncing"));
const stint = stack.use(await startService());
const etcd = withEtcd ? stack.use(await startEtcd()) : undefined;
const redis = withRedis ? stack.use(await startRedis()) : undefined;

// All keys are there before anything is read.
for (let from = 0; from < 10_000; from += 100) {
  const steps = Array.from({ length: 100 }, (_, i) => ({ op: "put", key: `k${from + i}`, value: "v".repeat(64) }));
  const { status, text } = await stint.call("POST", "/api/keys/batch", { json: { steps } });
  if (status !== 200) throw new Error(text);
}
if (etcd) await wrk({ port: etcd.port, request: ETCD_PUT, connections: 64, seconds: 10 });
if (redis) await redisRate(redis.port, "set", 64, 3);

const rows: (string | number)[][] = [];
const latencies = new Map<string, WrkResult[]>();
const taken = new Map<string, Taken[]>();

/** Microseconds of the processors for one request. */
interface Taken {
  main: number;
  others: number;
}

function by(
  name: string,
  { port, pid }: { port: number; pid?: number },
  connections: number,
  request: string,
): Contender {
  return async (seconds) => {
    const count = pid === undefined ? undefined : countThreads(pid);
    const result = await wrk({ port, connections, seconds: Math.max(1, Math.round(seconds)), request });
    latencies.set(name, [...latencies.get(name) ?? [], result]);
    if (count) {
      const { main, others } = count();
      const each = 1000 / result.requests;
      taken.set(name, [...taken.get(name) ?? [], { main: main * each, others: others * each }]);
    }
    return result.perSecond;
  };
}

for (const connections of [64, 1]) {
  for (const method of ["PUT", "GET"] as const) {
    latencies.clear();
    taken.clear();
    const put = method === "PUT";
    const contenders: Record<string, Contender> = {
      "Deno.serve": by("Deno.serve", bare, connections, put ? PUT : GET),
      "Deno.serve, the same header fields": by(
        "Deno.serve, the same header fields",
        alike,
        connections,
        put ? PUT : GET,
      ),
      ...(put && {
        "Deno.serve, the body on disk": by("Deno.serve, the body on disk", syncing, connections, PUT),
        ...(connections === 1 && { "write and fsync": fsyncLoop }),
      }),
      Stint: by("Stint", stint, connections, put ? PUT : GET),
      ...(etcd && { etcd: by("etcd", { port: etcd.port }, connections, put ? ETCD_PUT : ETCD_GET) }),
      ...(redis && {
        Redis: (seconds: number) => redisRate(redis.port, put ? "set" : "get", connections, seconds),
      }),
    };
    const { standings, ratio } = await compete(contenders, { rounds: ROUNDS, seconds: SECONDS });
    for (const { name, perSecond } of standings) {
      const seen = latencies.get(name) ?? [];
      const used = taken.get(name) ?? [];
      rows.push([
        `${method}, ${connections} connections: ${name}`,
        perSecond,
        ratio("Stint", name),
        ...(seen.length ? [median(seen.map(({ p50 }) => p50)), median(seen.map(({ p99 }) => p99))] : ["", ""]),
        ...(used.length ? [median(used.map(({ main }) => main)), median(used.map(({ others }) => others))] : ["", ""]),
      ]);
    }
    const what = `${method}, ${connections} connections`;
    if (connections === 64) {
      aim(`${what}, of bare Deno.serve`, ratio("Stint", "Deno.serve"), { atLeast: put ? 0.5 : 0.85 });
      if (etcd) aim(`${what}, of etcd`, ratio("Stint", "etcd"), { atLeast: 5 });
    } else if (put) aim(`${what}, of write and fsync`, ratio("Stint", "write and fsync"), { atLeast: 0.5 });
    if (put && connections === 64) {
      const spread = median(latencies.get("Stint")!.map(({ p50, p99 }) => p99 / p50));
      aim(`${what}, p99 beside p50`, spread, { atMost: 10 });
    }
  }
}

const health = 'return wrk.format("GET", "/-/healthy")';
const quiet = await wrk({ port: stint.port, connections: 1, seconds: SECONDS, request: health });
const [busy] = await Promise.all([
  wrk({ port: stint.port, connections: 1, seconds: SECONDS, request: health }),
  wrk({ port: stint.port, connections: 64, seconds: SECONDS, request: PUT }),
]);
rows.push(["/-/healthy, 1 connection, nothing else going on", quiet.perSecond, "", quiet.p50, quiet.p99, "", ""]);
rows.push(["/-/healthy, 1 connection, beside 64 writers", busy.perSecond, "", busy.p50, busy.p99, "", ""]);
console.log();
const HEAD = ["requests/s", "Stint is", "p50 ms", "p99 ms", "thread that answers µs", "other threads µs"];
printTable(["keys over HTTP, 64-byte values", ...HEAD], rows);
