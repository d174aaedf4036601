/**
 * A process that opens the store of the directory it is given, with the setting of `synchronous` it is given, and has
 * writers put as many values as it is told: in turns for a while two keys at a time (`pairs`), which goes into the
 * database, and one (`singles`), which goes into the journal; or only one of these. Prints `put <name> <number>` when a
 * number is about to be written and `ok <name> <number> <version>` when it was acknowledged. A pair `3` is of the keys `a3`
 * and `b3`, a single `c3` of that key.
 */

import { openStore } from "../../../lib/store/open.ts";
import type { Change } from "../../../lib/services/ports/store.ts";

const [directory, synchronous, count, what] = Deno.args as [string, "FULL" | "NORMAL", string, string];
const WRITERS = 16;
/** So many values are written one way before it is the other's turn. */
const PHASE = 250;
let left = Number(count);

const store = await openStore({ directory, synchronous, keepChanges: 500 });
await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
  for (let n = 1; left > 0; n++) {
    const single = what === "both" ? Math.floor(left / PHASE) % 2 === 0 : what === "singles";
    const [name, keys] = single ? [`c${writer}`, [`c${writer}`]] : [`${writer}`, [`a${writer}`, `b${writer}`]];
    left--;
    say(`put ${name} ${n}`);
    const changes = keys.map((key): Change => {
      const value = new TextEncoder().encode(`${n} `.padEnd(900, "."));
      return { kind: "key", id: key, expect: { is: "any" }, value: { key, value, expires: null } };
    });
    const answer = await store.commit({ id: crypto.randomUUID(), at: Date.now(), changes });
    if (answer.outcome !== "committed") throw new Error(answer.outcome);
    say(`ok ${name} ${n} ${answer.applied.at(-1)!.version}`);
  }
}));
Deno.exit(0);

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
