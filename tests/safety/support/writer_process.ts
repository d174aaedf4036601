/**
 * A process that opens the store of the directory it is given, with the setting of `synchronous` it is given, and has
 * writers put keys, in pairs, until as many pairs as it is told are on disk. Prints `put <pair> <number>` when a pair
 * is about to be written and `ok <pair> <number> <version>` when it was acknowledged.
 */

import { openStore } from "../../../lib/store/open.ts";
import type { Change } from "../../../lib/services/ports/store.ts";

const [directory, synchronous, pairs] = Deno.args as [string, "FULL" | "NORMAL", string];
const WRITERS = 16;
let left = Number(pairs);

const store = await openStore({ directory, synchronous, keepChanges: 500 });
await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
  for (let n = 1; left > 0; n++) {
    left--;
    say(`put ${writer} ${n}`);
    const changes = ["a", "b"].map((half): Change => {
      const key = `${half}${writer}`;
      const value = new TextEncoder().encode(`${n} `.padEnd(900, "."));
      return { kind: "key", id: key, expect: { is: "any" }, value: { key, value, expires: null } };
    });
    const answer = await store.commit({ id: crypto.randomUUID(), at: Date.now(), changes });
    if (answer.outcome !== "committed") throw new Error(answer.outcome);
    say(`ok ${writer} ${n} ${answer.applied[1]!.version}`);
  }
}));
Deno.exit(0);

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
