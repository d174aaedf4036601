import assert from "node:assert/strict";
import { OutputGuard } from "../../../../lib/services/jobs/output_guard.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";

function guarded(jobs: Record<number, number>, rate: (now: number) => number) {
  const clock = new FakeClock(0);
  const over: [number, string, number][] = [];
  let looks = 0;
  const guard = new OutputGuard(clock, (_id, output) => {
    looks++;
    return output === "stderr" ? 0 : rate(clock.now());
  });
  const calls = Object.entries(jobs).map(([id, limit]) =>
    guard.guard(Number(id), limit, (output, size) => over.push([Number(id), output, size]))
  );
  return { clock, over, guard, calls, looks: () => looks / 2 };
}

Deno.test("a job that floods is noticed within some milliseconds of its limit, and once", async () => {
  // 500 MB a second.
  const { clock, over } = guarded({ 1: 2 ** 30 }, (now) => now * 500_000);
  await clock.advance(10_000);
  assert.equal(over.length, 1);
  assert.deepEqual(over[0]!.slice(0, 2), [1, "stdout"]);
  assert.ok(over[0]![2] - 2 ** 30 < 10 * 500_000, `${over[0]![2] - 2 ** 30} bytes beyond`);
  assert.equal(clock.pending, 0);
});

Deno.test("a job far from its limit is looked at once a second or so", async () => {
  const { clock, over, looks } = guarded({ 1: 4e9 }, () => 1000);
  await clock.advance(60_000);
  assert.deepEqual(over, []);
  assert.ok(looks() <= 60, `${looks()} looks`);
});

Deno.test("many jobs near their limits share the looks", async () => {
  const jobs = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i + 1, 1001]));
  const { clock, looks } = guarded(jobs, () => 1000);
  await clock.advance(1000);
  assert.ok(looks() <= 6000, `${looks()} looks in a second`);
});

Deno.test("a job that has ended is looked at no more, and exactly its limit is not too much", async () => {
  const { clock, over, calls, looks } = guarded({ 1: 1000, 2: 999 }, () => 1000);
  await clock.advance(100);
  assert.deepEqual(over, [[2, "stdout", 1000]]);
  calls[0]!();
  const before = looks();
  await clock.advance(10_000);
  assert.equal(looks(), before);
  assert.equal(clock.pending, 0);
});
