import assert from "node:assert/strict";
import { BodyDeadline } from "../../lib/body_deadline.ts";
import { Problem } from "../../lib/domain/errors.ts";
import { parseRate } from "../../lib/domain/rate.ts";
import { RateLimits } from "../../lib/rate_limits.ts";
import { Shares } from "../../lib/shares.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

Deno.test("a window begins with the first request, holds so many, and begins anew when it is over", async () => {
  const clock = new FakeClock();
  const limits = new RateLimits(clock);
  const rate = { requests: 2, seconds: 10 };
  const count = (caller = "a") => {
    const { left, resets, exceeded } = limits.count(caller, rate);
    return [left, resets, exceeded];
  };
  assert.deepEqual(count(), [1, 10, false]);
  await clock.advance(4500);
  assert.deepEqual(count(), [0, 6, false]);
  assert.deepEqual(count(), [0, 6, true]);
  assert.deepEqual(count("b"), [1, 10, false]);
  await clock.advance(5499);
  assert.deepEqual(count(), [0, 1, true]);
  await clock.advance(1);
  assert.deepEqual(count(), [1, 10, false]);
});

Deno.test("a rate is requests and seconds, both at least one", () => {
  assert.deepEqual(parseRate("100/60"), { requests: 100, seconds: 60 });
  for (const text of ["", "100", "0/60", "1/0", "-1/5", "1.5/5", "1/5s", "1 / 5", "1e3/5"]) {
    assert.equal(parseRate(text), undefined, text);
  }
});

Deno.test("each caller has its share, and what is given back twice counts once", () => {
  const shares = new Shares({ most: 2, what: "doors are open", option: "--max-doors" });
  const first = shares.take("a");
  shares.take("a");
  shares.take("b");
  assert.throws(
    () => shares.take("a"),
    (error) =>
      error instanceof Problem && error.code === "too_many_open" && /^2 doors .*--max-doors/.test(error.message),
  );
  first();
  first();
  assert.equal(shares.total, 2);
  shares.take("a");
  assert.throws(() => shares.take("a"), Problem);
});

Deno.test("a piece that does not come in time is given up, one that is held back is not", async () => {
  const deadline = new BodyDeadline(0.05);
  let held = true;
  const waits = Promise.withResolvers<string>();
  const patient = deadline.within(waits.promise, () => held);
  await assert.rejects(
    deadline.within(new Promise(() => {})),
    (error) => error instanceof Problem && error.code === "body_stalled",
  );
  waits.resolve("came");
  assert.equal(await patient, "came");
  const never = deadline.within(new Promise(() => {}), () => held);
  held = false;
  await assert.rejects(never, Problem);
  await assert.rejects(deadline.within(Promise.reject(new TypeError("broken"))), TypeError);
  deadline.close();
});
