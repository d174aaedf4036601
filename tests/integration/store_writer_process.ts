/**
 * A process that opens the store of the directory it is given and has 16 writers put keys into it until it is killed.
 * Prints `open`, then `<key> <number>` for each write that was acknowledged.
 */

import { openStore } from "../../lib/store/open.ts";

const [directory, mode] = Deno.args as [string, string];

try {
  const store = await openStore({ directory });
  print("open");
  if (mode === "write") {
    await Promise.all(Array.from({ length: 16 }, async (_, writer) => {
      const key = `w${writer}`;
      for (let n = 1;; n++) {
        const value = new TextEncoder().encode(`${n}`);
        const answer = await store.commit({
          id: crypto.randomUUID(),
          at: Date.now(),
          changes: [{ kind: "key", id: key, expect: { is: "any" }, value: { key, value, expires: null } }],
        });
        if (answer.outcome === "committed") print(`${key} ${n}`);
      }
    }));
  }
  await new Promise(() => setInterval(() => {}, 1_000_000));
} catch (error) {
  console.error(`${(error as Error).name}: ${(error as Error).message}`);
  Deno.exit(1);
}

/** Written at once, so that nothing printed was not yet acknowledged and nothing is lost with the process. */
function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
