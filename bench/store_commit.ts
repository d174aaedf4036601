/**
 * Durable key writes per second through the store: `deno task bench store_commit`,
 * or `deno run -A bench/store_commit.ts [seconds]`.
 * Each writer puts one key, waits until it is on disk, and puts the next.
 */

import { openStore } from "../lib/store/open.ts";
import { printTable } from "./lib/table.ts";

const seconds = Number(Deno.args[0] ?? 3);
const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
const store = await openStore({ directory });
const value = new TextEncoder().encode("x".repeat(100));

const rows: (string | number)[][] = [];
let n = 0;
for (const writers of [1, 64, 256]) {
  const end = performance.now() + seconds * 1000;
  const began = performance.now();
  const before = n;
  await Promise.all(Array.from({ length: writers }, async () => {
    while (performance.now() < end) {
      const key = `k${n++ % 100_000}`;
      const answer = await store.commit({
        id: `c${n}`,
        at: Date.now(),
        changes: [{ kind: "key", id: key, expect: { is: "any" }, value: { key, value, expires: null } }],
      });
      if (answer.outcome !== "committed") throw new Error(answer.outcome);
    }
  }));
  const rate = (n - before) / ((performance.now() - began) / 1000);
  rows.push([String(writers), rate]);
}
printTable(["writers", "durable writes a second"], rows);
await store.close();
await Deno.remove(directory, { recursive: true });
