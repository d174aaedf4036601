import assert from "node:assert/strict";
import { RateMeter } from "../../../../lib/services/transfers/rate_meter.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";

Deno.test("the rate is that of the last seconds, and falls to nothing when nothing moves", async () => {
  const clock = new FakeClock();
  const meter = new RateMeter(clock);
  assert.equal(meter.rate(), 0);
  for (let second = 0; second < 20; second++) {
    meter.add(1000);
    await clock.advance(1000);
  }
  assert.ok(Math.abs(meter.rate() - 1000) < 150, `${meter.rate()}`);
  for (let tick = 0; tick < 100; tick++) {
    meter.add(1000);
    await clock.advance(100);
  }
  assert.ok(Math.abs(meter.rate() - 10_000) < 1500, `${meter.rate()}`);
  await clock.advance(6000);
  assert.equal(meter.rate(), 0);
});

Deno.test("what was fast and short is not told as slow", async () => {
  const clock = new FakeClock();
  const meter = new RateMeter(clock);
  await clock.advance(900);
  meter.add(9000);
  await clock.advance(100);
  assert.equal(meter.rate(), 9000);
});
