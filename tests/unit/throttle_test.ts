import assert from "node:assert/strict";
import { Throttle } from "../../lib/throttle.ts";

Deno.test("twenty attempts a minute are given, and come back with time", () => {
  let now = 0;
  const throttle = new Throttle(20, 60_000, { now: () => now });
  for (let n = 0; n < 20; n++) {
    assert.equal(throttle.wait("a"), 0, `attempt ${n + 1}`);
    throttle.count("a");
  }
  assert.equal(throttle.wait("a"), 3);
  assert.equal(throttle.wait("b"), 0);
  now = 3_000;
  assert.equal(throttle.wait("a"), 0);
  throttle.count("a");
  assert.equal(throttle.wait("a"), 3);
  now = 600_000;
  for (let n = 0; n < 20; n++) throttle.count("a");
  assert.equal(throttle.wait("a"), 3);
});

Deno.test("whoever just got something wrong again is not the one that was quiet longest", () => {
  const throttle = new Throttle(1, 60_000, { now: () => 0 });
  for (let n = 0; n < 10_000; n++) throttle.count(`caller ${n}`);
  throttle.count("caller 0");
  throttle.count("one more");
  assert.deepEqual([throttle.wait("caller 0"), throttle.wait("caller 1")], [60, 0]);
});

Deno.test("callers beyond what is remembered push out the one that was quiet longest", () => {
  const throttle = new Throttle(1, 60_000, { now: () => 0 });
  for (let n = 0; n <= 10_000; n++) throttle.count(`caller ${n}`);
  assert.equal(throttle.wait("caller 0"), 0);
  assert.equal(throttle.wait("caller 10000"), 60);
});
