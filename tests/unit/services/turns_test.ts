import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Turns } from "../../../lib/services/turns.ts";

/** Turns whose lots take so many milliseconds each; notes the pauses, and how many went before each. */
function turns(lotTakes: number) {
  let now = 0;
  let gone = 0;
  const pauses: [number, number][] = [];
  const given = new Turns({
    now: () => now,
    async turn() {
      await setImmediate();
      now += lotTakes;
    },
    sleep: (ms) => Promise.resolve(void pauses.push([gone, ms])),
  });
  const go = async (count: number) => {
    await Promise.all(Array.from({ length: count }, () => given.next().then(() => gone++)));
  };
  return { go, pauses, gone: () => gone };
}

Deno.test("a few are not held up, however often they come", async () => {
  const { go, pauses } = turns(20);
  for (let i = 0; i < 5; i++) await go(30);
  assert.deepEqual(pauses, []);
});

Deno.test("many go some at a time, in their order, with pauses as long as each lot took", async () => {
  const { go, pauses, gone } = turns(5);
  await go(100);
  assert.equal(gone(), 100);
  assert.deepEqual(pauses, [[33, 5], [65, 5], [97, 5]]);
});

Deno.test("short lots are added up before there is a pause, and no pause is long", async () => {
  const short = turns(1);
  await short.go(128);
  assert.deepEqual(short.pauses, [[65, 2]]);
  const long = turns(10_000);
  await long.go(34);
  assert.deepEqual(long.pauses, [[33, 50]]);
});
