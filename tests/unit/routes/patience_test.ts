import assert from "node:assert/strict";
import { withPatience } from "../../../routes/patience.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";

const untilAborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    if (signal.aborted) resolve("over");
    signal.addEventListener("abort", () => resolve("over"));
  });

Deno.test("waiting ends after its time", async () => {
  const clock = new FakeClock();
  let ended = false;
  const waiting = withPatience({ clock, seconds: 30, signals: [] }, untilAborted).then(() => ended = true);
  await clock.advance(29_999);
  assert.equal(ended, false);
  await clock.advance(1);
  await waiting;
});

Deno.test("waiting ends with any of its signals, also with one that came before", async () => {
  const clock = new FakeClock();
  const [one, other] = [new AbortController(), new AbortController()];
  const waiting = withPatience({ clock, signals: [one.signal, other.signal] }, untilAborted);
  other.abort();
  assert.equal(await waiting, "over");
  assert.equal(await withPatience({ clock, signals: [other.signal] }, untilAborted), "over");
});

Deno.test("what was waited for early leaves no timer behind", async () => {
  const clock = new FakeClock();
  assert.equal(await withPatience({ clock, seconds: 30, signals: [] }, () => Promise.resolve("done")), "done");
  assert.equal(clock.pending, 0);
});
