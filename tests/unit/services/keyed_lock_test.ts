import assert from "node:assert/strict";
import { KeyedLock } from "../../../lib/services/keyed_lock.ts";

Deno.test("actions for one key run one after the other, in the order of asking", async () => {
  const lock = new KeyedLock<string>();
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  const first = lock.run("a", async () => {
    seen.push("first begins");
    await gate.promise;
    seen.push("first ends");
  });
  const second = lock.run("a", () => Promise.resolve(seen.push("second")));
  await lock.run("b", () => Promise.resolve(seen.push("other key")));
  gate.resolve();
  await Promise.all([first, second]);
  assert.deepEqual(seen, ["first begins", "other key", "first ends", "second"]);
});

Deno.test("an action waits for the one that runs, whatever ended before that, and nothing is kept of those that are over", async () => {
  const lock = new KeyedLock<string>();
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  const first = lock.run("a", () => Promise.resolve(seen.push("first")));
  const second = lock.run("a", () => gate.promise.then(() => seen.push("second")));
  await first;
  await Promise.resolve();
  const third = lock.run("a", () => Promise.resolve(seen.push("third")));
  await lock.run("b", () => Promise.resolve());
  gate.resolve();
  await Promise.all([second, third]);
  assert.deepEqual(seen, ["first", "second", "third"]);
  await Promise.resolve();
  assert.equal(lock.size, 0);
});

Deno.test("an action that fails fails for its caller only", async () => {
  const lock = new KeyedLock<string>();
  const failing = lock.run("a", () => Promise.reject(new Error("no")));
  const next = lock.run("a", () => Promise.resolve(42));
  await assert.rejects(failing, /no/);
  assert.equal(await next, 42);
});
