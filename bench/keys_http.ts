/** Durable puts and gets over HTTP beside a bare `Deno.serve`, all in one run. */

import { startService } from "../tests/helpers/service.ts";
import { httpRequest, load, type LoadResult } from "./lib/load.ts";
import { printTable } from "./lib/table.ts";

const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 3);
const VALUE = "v".repeat(64);

async function startBare(): Promise<{ port: number; stop(): Promise<void> }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-net", new URL("./lib/bare_server.ts", import.meta.url).pathname],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const port = Number(new TextDecoder().decode((await reader.read()).value));
  return {
    port,
    async stop() {
      child.kill();
      await reader.cancel();
      await child.status;
    },
  };
}

const bare = await startBare();
const stint = await startService();
const rows: (string | number)[][] = [];
try {
  for (const connections of [64, 1]) {
    for (const method of ["PUT", "GET"]) {
      const measure = (port: number): Promise<LoadResult> =>
        load({
          port,
          connections,
          seconds: SECONDS,
          request: (connection, n) =>
            httpRequest(method, `/k${connection}x${n % 8}`, method === "PUT" ? VALUE : undefined),
        });
      const yardstick = await measure(bare.port);
      const ours = await measure(stint.port);
      const failed = [...ours.statuses].filter(([status]) => status >= 300);
      if (failed.length > 0) throw new Error(`${method} answered ${failed.map(([status]) => status).join(", ")}`);
      rows.push([
        `${method}, ${connections} connections, bare Deno.serve`,
        yardstick.perSecond,
        1,
        yardstick.p50,
        yardstick.p99,
      ]);
      rows.push([
        `${method}, ${connections} connections, Stint`,
        ours.perSecond,
        ours.perSecond / yardstick.perSecond,
        ours.p50,
        ours.p99,
      ]);
    }
  }
} finally {
  await bare.stop();
  await stint[Symbol.asyncDispose]();
}
printTable(["keys over HTTP, 64-byte values", "requests/s", "ratio", "p50 ms", "p99 ms"], rows);
