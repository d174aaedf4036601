import assert from "node:assert/strict";
import type { Problem } from "../../../../lib/domain/errors.ts";
import { Slots } from "../../../../lib/services/slots.ts";
import type { LiveWork } from "../../../../lib/services/workers/live_work.ts";
import { Workers } from "../../../../lib/services/workers/workers.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";
import { MemoryStore } from "../../../helpers/memory_store.ts";
import { rejectsWith } from "../../../helpers/problem.ts";

const HOUR = 60 * 60 * 1000;

async function setUp(
  { slots = new Slots(2), store = new MemoryStore(), clock = new FakeClock(), waiting = false } = {},
) {
  const queue = { waiting };
  const workers = new Workers({ store, slots, clock, ttlMs: 300_000, queueIsWaiting: () => queue.waiting });
  await workers.open();
  return { workers, slots, store, clock, queue };
}

/** Work that only remembers what was asked of it. */
function work(): LiveWork & { asked: string[]; done: number } {
  return {
    asked: [],
    done: 0,
    pause() {
      this.asked.push("pause");
    },
    resume() {
      this.asked.push("resume");
    },
    terminate() {
      this.asked.push("terminate");
    },
    breakOff(reason) {
      this.asked.push(`break off: ${reason}`);
    },
    bytes() {
      return this.done;
    },
    rate: () => 7,
  };
}

Deno.test("reserve takes a slot and gives an id of at least 128 random bits", async () => {
  const { workers, slots } = await setUp();
  const first = await workers.reserve();
  const second = await workers.reserve();
  assert.match(first.workerId, /^[\w-]{22,}$/);
  assert.notEqual(first.workerId, second.workerId);
  assert.equal(first.status, "reserved");
  assert.equal(first.expiresIn, 300);
  assert.equal(slots.free, 0);
});

Deno.test("no id of a worker looks like an option of a command", async () => {
  const { workers } = await setUp({ slots: new Slots(1000) });
  for (let i = 0; i < 1000; i++) assert.match((await workers.reserve()).workerId, /^\w[\w-]{21,}$/);
});

Deno.test("reserve refuses with a time to come back when no slot is free, or when queued jobs will take it", async () => {
  const { workers, slots, queue } = await setUp({ slots: new Slots(1) });
  queue.waiting = true;
  assert.ok(((await rejectsWith("no_slot", workers.reserve())) as Problem).extras.retryAfter);
  assert.equal(slots.free, 1);
  queue.waiting = false;
  await workers.reserve();
  assert.ok(((await rejectsWith("no_slot", workers.reserve())) as Problem).extras.retryAfter);
});

Deno.test("reserve gives the slot back when the reservation cannot be written down", async () => {
  const { workers, slots, store } = await setUp();
  store.fails = () => true;
  await rejectsWith("storage_full", workers.reserve());
  assert.equal(slots.used, 0);
});

Deno.test("an unused reservation expires at its time, on disk too, and every use of it says so", async () => {
  const { workers, slots, store, clock } = await setUp();
  const { workerId } = await workers.reserve();
  await clock.advance(299_999);
  assert.equal((await workers.status(workerId)).expiresIn, 1);
  await clock.advance(1);
  assert.equal(slots.used, 0);
  assert.equal((await store.workers.get(workerId))?.value.state, "expired");
  await rejectsWith("worker_expired", workers.status(workerId));
  await rejectsWith("worker_expired", workers.check(workerId));
  await rejectsWith("worker_expired", workers.begin(workerId, "upload", work()));
  await rejectsWith("worker_expired", workers.modify(workerId, "terminated"));
});

Deno.test("a reservation is over at its time even where nobody has put that down yet", async () => {
  const clock = new FakeClock();
  let late = 0;
  const slow = {
    now: () => clock.now() + late,
    wall: () => clock.wall(),
    after: (ms: number, action: () => void) => clock.after(ms, action),
  };
  const workers = new Workers({ store: new MemoryStore(), slots: new Slots(1), clock: slow, ttlMs: 300_000 });
  await workers.open();
  const { workerId } = await workers.reserve();
  late = 299_999;
  assert.equal((await workers.status(workerId)).status, "reserved");
  late = 300_000;
  await rejectsWith("worker_expired", workers.status(workerId));
  await rejectsWith("worker_expired", workers.begin(workerId, "upload", work()));
  workers.close();
});

Deno.test("a reservation in use does not expire", async () => {
  const { workers, clock } = await setUp();
  const { workerId } = await workers.reserve();
  await workers.begin(workerId, "upload", work());
  await clock.advance(HOUR);
  assert.equal((await workers.status(workerId)).status, "running");
});

Deno.test("an id that nobody gave out is unknown to every use", async () => {
  const { workers } = await setUp();
  await rejectsWith("worker_unknown", workers.status("nobody"));
  await rejectsWith("worker_unknown", workers.check("nobody"));
  await rejectsWith("worker_unknown", workers.modify("nobody", "paused"));
  await rejectsWith("worker_unknown", workers.begin("nobody", "upload", work()));
});

Deno.test("of two who use a reservation at once one wins, the other hears that it is used", async () => {
  const { workers, slots } = await setUp();
  const { workerId } = await workers.reserve();
  const results = await Promise.allSettled([
    workers.begin(workerId, "upload", work()),
    workers.begin(workerId, "download", work()),
  ]);
  assert.deepEqual(results.map((result) => result.status), ["fulfilled", "rejected"]);
  await rejectsWith("worker_used", workers.begin(workerId, "upload", work()));
  assert.equal((await workers.status(workerId)).kind, "upload");
  assert.equal(slots.used, 1);
});

Deno.test("two services on one store cannot both use a reservation", async () => {
  const first = await setUp();
  const { workerId } = await first.workers.reserve();
  const second = await setUp({ store: first.store, clock: first.clock });
  const results = await Promise.allSettled([
    first.workers.begin(workerId, "upload", work()),
    second.workers.begin(workerId, "upload", work()),
  ]);
  assert.equal(results.filter((result) => result.status === "fulfilled").length, 1);
});

Deno.test("the status of running work shows live bytes, progress and rate", async () => {
  const { workers } = await setUp();
  const { workerId } = await workers.reserve();
  const live = work();
  await workers.begin(workerId, "download", live, { file: "a", total: 200 });
  live.done = 50;
  const status = await workers.status(workerId);
  assert.deepEqual(
    { bytes: status.bytes, total: status.total, progress: status.progress, rate: status.rate, file: status.file },
    { bytes: 50, total: 200, progress: 0.25, rate: 7, file: "a" },
  );
  assert.equal(status.expires, null);
});

Deno.test("modify pauses, resumes and terminates, and the slot returns with the end", async () => {
  const { workers, slots } = await setUp();
  const { workerId } = await workers.reserve();
  const live = work();
  await workers.begin(workerId, "upload", live);
  live.done = 3;
  assert.equal((await workers.modify(workerId, "paused")).status, "paused");
  assert.equal(slots.used, 1);
  assert.equal((await workers.modify(workerId, "running")).status, "running");
  const ended = await workers.modify(workerId, "terminated");
  assert.deepEqual({ status: ended.status, bytes: ended.bytes }, { status: "terminated", bytes: 3 });
  assert.deepEqual(live.asked, ["pause", "resume", "terminate"]);
  assert.equal(slots.used, 0);
});

Deno.test("modify refuses what the table forbids", async () => {
  const { workers } = await setUp({ slots: new Slots(9) });
  const reserved = (await workers.reserve()).workerId;
  await rejectsWith("invalid_transition", workers.modify(reserved, "running"));
  await rejectsWith("invalid_transition", workers.modify(reserved, "paused"));
  assert.equal((await workers.modify(reserved, "terminated")).status, "terminated");
  const running = (await workers.reserve()).workerId;
  await workers.begin(running, "upload", work());
  await rejectsWith("invalid_transition", workers.modify(running, "running"));
  await workers.modify(running, "paused");
  await rejectsWith("invalid_transition", workers.modify(running, "paused"));
  await workers.finish(running, "failed", { error: "broken" });
  for (const wish of ["running", "paused", "terminated"] as const) {
    await rejectsWith("invalid_transition", workers.modify(running, wish));
    await rejectsWith("invalid_transition", workers.modify(reserved, wish));
  }
});

Deno.test("a terminated reservation gives its slot back and cannot be used", async () => {
  const { workers, slots, clock } = await setUp();
  const { workerId } = await workers.reserve();
  await workers.modify(workerId, "terminated");
  assert.equal(slots.used, 0);
  await rejectsWith("worker_used", workers.begin(workerId, "upload", work()));
  await clock.advance(HOUR);
  assert.equal((await workers.status(workerId)).status, "terminated");
});

Deno.test("an end is final: what comes after it changes nothing", async () => {
  const { workers, slots } = await setUp();
  const { workerId } = await workers.reserve();
  await workers.begin(workerId, "upload", work());
  await workers.modify(workerId, "terminated");
  assert.equal(await workers.complete(workerId, { bytes: 9 }), "over");
  await workers.finish(workerId, "failed", { error: "late" });
  const status = await workers.status(workerId);
  assert.deepEqual([status.status, status.error, status.bytes], ["terminated", null, 0]);
  assert.equal(slots.used, 0);
});

Deno.test("complete commits along what the transfer leaves behind, or nothing", async () => {
  const { workers, store } = await setUp();
  const { workerId } = await workers.reserve();
  await workers.begin(workerId, "upload", work());
  const value = { name: "a", bytes: 1, sha256: "00", created: 0, mtime: 0 };
  const change = { kind: "file", id: "a", expect: { is: "present" }, value } as const;
  assert.equal(await workers.complete(workerId, { bytes: 1 }, [change]), "conflict");
  assert.equal((await workers.status(workerId)).status, "running");
  assert.equal(await workers.complete(workerId, { bytes: 1 }, [{ ...change, expect: { is: "absent" } }]), "completed");
  assert.equal((await store.files.get("a"))?.value.bytes, 1);
  const status = await workers.status(workerId);
  assert.deepEqual([status.status, status.progress], ["completed", 1]);
});

Deno.test("an end that the disk does not take frees the slot at once and is written down later", async () => {
  const { workers, slots, store, clock } = await setUp();
  const { workerId } = await workers.reserve();
  await workers.begin(workerId, "upload", work());
  store.fails = () => true;
  await workers.finish(workerId, "failed", { error: "broken" });
  assert.equal(slots.used, 0);
  assert.equal((await workers.status(workerId)).status, "failed");
  assert.equal((await store.workers.get(workerId))?.value.state, "running");
  await clock.advance(60_000);
  store.fails = () => false;
  await clock.advance(60_000);
  assert.equal((await store.workers.get(workerId))?.value.state, "failed");
  assert.equal((await workers.status(workerId)).error, "broken");
  assert.deepEqual(await workers.active(), []);
});

Deno.test("an ended worker answers for 24 hours, then it is unknown and removed", async () => {
  const { workers, store, clock } = await setUp();
  const { workerId } = await workers.reserve();
  await workers.modify(workerId, "terminated");
  await clock.advance(24 * HOUR - 1);
  assert.equal((await workers.status(workerId)).status, "terminated");
  await clock.advance(1);
  await rejectsWith("worker_unknown", workers.status(workerId));
  await clock.advance(2 * 60_000);
  assert.equal(await store.workers.get(workerId), undefined);
});

Deno.test("after a restart reservations keep slot and deadline, even above the limit; overdue ones expire", async () => {
  const { workers, store, clock } = await setUp();
  const early = (await workers.reserve()).workerId;
  await clock.advance(200_000);
  const late = (await workers.reserve()).workerId;
  workers.close();
  await clock.advance(100_000);

  const again = await setUp({ store, clock, slots: new Slots(0) });
  assert.equal(again.slots.used, 1);
  await rejectsWith("worker_expired", again.workers.status(early));
  assert.equal((await again.workers.status(late)).expiresIn, 200);
  await clock.advance(200_000);
  await rejectsWith("worker_expired", again.workers.status(late));
  assert.equal(again.slots.used, 0);
});

Deno.test("after a restart transfers that were cut have failed, and say why", async () => {
  const { workers, store, clock } = await setUp();
  const running = (await workers.reserve()).workerId;
  const paused = (await workers.reserve()).workerId;
  await workers.begin(running, "upload", work());
  await workers.begin(paused, "download", work());
  await workers.modify(paused, "paused");
  workers.close();

  const again = await setUp({ store, clock });
  for (const id of [running, paused]) {
    const status = await again.workers.status(id);
    assert.deepEqual([status.status, status.error], ["failed", "The server was restarted during the transfer."]);
  }
  assert.equal(again.slots.used, 0);
});

Deno.test("draining lets transfers finish, breaks off paused ones at once and the others when the time is over", async () => {
  const { workers, clock } = await setUp({ slots: new Slots(3) });
  const [quick, slow, paused] = [work(), work(), work()];
  const ids: string[] = [];
  for (const live of [quick, slow, paused]) {
    const { workerId } = await workers.reserve();
    await workers.begin(workerId, "upload", live);
    ids.push(workerId);
  }
  await workers.modify(ids[2]!, "paused");
  let over = false;
  const drained = workers.drain(10_000).then(() => over = true);
  await rejectsWith("shutting_down", workers.reserve());
  await rejectsWith("shutting_down", workers.check(ids[0]!));
  assert.match(paused.asked.join(), /break off: .*shut down/);
  await workers.finish(ids[2]!, "failed");
  await workers.finish(ids[0]!, "completed");
  await clock.advance(9_999);
  assert.deepEqual(slow.asked, []);
  await clock.advance(1);
  assert.match(slow.asked.join(), /break off: .*shut down/);
  assert.equal(over, false);
  await workers.finish(ids[1]!, "failed");
  await drained;
  assert.deepEqual(quick.asked, []);
});

Deno.test("draining is over at once when nothing is under way", async () => {
  const { workers } = await setUp();
  await workers.reserve();
  await workers.drain(10_000);
});

Deno.test("closing leaves no timer behind", async () => {
  const { workers, clock, store } = await setUp();
  const { workerId } = await workers.reserve();
  await workers.begin(workerId, "upload", work());
  await workers.reserve();
  store.fails = () => true;
  await workers.finish(workerId, "failed");
  await clock.advance(1);
  workers.close();
  assert.equal(clock.pending, 0);
});
