/** What jobs wait for, with a clock that the test moves. */

import assert from "node:assert/strict";
import type { Job, JobSpec } from "../../../../lib/domain/job.ts";
import { Problem } from "../../../../lib/domain/errors.ts";
import { Jobs } from "../../../../lib/services/jobs/jobs.ts";
import { Slots } from "../../../../lib/services/slots.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";
import { IdleProcesses } from "../../../helpers/idle_processes.ts";
import { MemoryStore } from "../../../helpers/memory_store.ts";
import { someEnd } from "../../../helpers/some_end.ts";

const HOUR = 3_600_000;
const spec = (more: Partial<JobSpec> = {}): JobSpec => ({ command: "true", grace: 5, priority: 0, ...more });

async function bench(slots = 4, store = new MemoryStore(), clock = new FakeClock()) {
  const processes = new IdleProcesses();
  const errors: string[] = [];
  const jobs = new Jobs({
    store,
    processes,
    slots: new Slots(slots),
    clock,
    inlineOutput: 1000,
    onError: (message, error) => errors.push(`${message}: ${error}`),
  });
  await jobs.open();
  const submit = async (more: Partial<JobSpec> = {}) => (await jobs.submit(spec(more))).job;
  const state = async (job: Job) => (await jobs.get(job.id)).state;
  const end = async (job: Job, code: number) => {
    await clock.advance(0);
    processes.end(job.id, code);
    for (let i = 0; i < 30; i++) await clock.advance(0);
  };
  return { store, clock, processes, jobs, errors, submit, state, end };
}

Deno.test("a job starts at its time and not before, however far that is", async () => {
  const { clock, submit, state, jobs } = await bench();
  const days = 25 * 24 * HOUR;
  assert.ok(days > 2 ** 31);
  const job = await submit({ startAt: clock.wall() + days });
  assert.deepEqual(job.state === "queued" && job.waits, { until: clock.wall() + days });
  await clock.advance(days - 1);
  assert.equal(await state(job), "queued");
  await clock.advance(50);
  assert.equal(await state(job), "running");
  jobs.close();
  assert.equal(clock.pending, 0, "no timer is left");
});

Deno.test("a time that has passed is not waited for", async () => {
  const { clock, submit, state, jobs } = await bench();
  const job = await submit({ startAt: clock.wall() - 1 });
  await clock.advance(50);
  assert.equal(await state(job), "running");
  jobs.close();
});

Deno.test("the earliest job is waited for, also when a later one was there first", async () => {
  const { clock, submit, state, jobs } = await bench();
  const late = await submit({ startAt: clock.wall() + 2 * HOUR });
  const early = await submit({ startAt: clock.wall() + HOUR });
  await clock.advance(HOUR + 50);
  assert.deepEqual([await state(early), await state(late)], ["running", "queued"]);
  await clock.advance(HOUR);
  assert.equal(await state(late), "running");
  jobs.close();
});

Deno.test("a wall clock that is set forward lets jobs start, one that is set back makes them wait", async () => {
  const { clock, submit, state, jobs } = await bench();
  const job = await submit({ startAt: clock.wall() + HOUR });
  const other = await submit({ startAt: clock.wall() + 3 * HOUR });
  clock.shift = 2 * HOUR;
  await clock.advance(20_000);
  assert.deepEqual([await state(job), await state(other)], ["running", "queued"]);
  clock.shift = -2 * HOUR;
  await clock.advance(4 * HOUR);
  assert.equal(await state(other), "queued");
  await clock.advance(HOUR + 20_000);
  assert.equal(await state(other), "running");
  jobs.close();
});

Deno.test("a server that starts takes up whom the last one left waiting", async () => {
  const first = await bench();
  const { store, clock } = first;
  const timed = await first.submit({ startAt: clock.wall() + HOUR });
  const before = await first.submit();
  const after = await first.submit({ after: [before.id] });
  await clock.advance(0);
  first.jobs.close();
  const ended = (await store.jobs.get(before.id))!;
  const end = { ...someEnd({ state: "failed", ended: 1, exitCode: 9 }), resultDeleted: false };
  const { id, spec, created, cookie } = ended.value;
  await store.commit({
    id: "the end, of which nobody was told",
    at: 0,
    changes: [{ kind: "job", id, expect: { is: "any" }, value: { id, spec, created, cookie, ...end } }],
  });
  await clock.advance(2 * HOUR);
  const second = await bench(4, store, clock);
  for (let i = 0; i < 30; i++) await clock.advance(10);
  assert.equal(await second.state(timed), "running");
  const cancelled = await second.jobs.get(after.id);
  assert.deepEqual(
    [cancelled.state, "error" in cancelled && cancelled.error],
    ["terminated", `Cancelled: job ${before.id}, which it was to come after, failed with exit code 9.`],
  );
  second.jobs.close();
});

Deno.test("a job that comes after others starts when the last of them has succeeded", async () => {
  const { clock, submit, state, end, jobs } = await bench();
  const [a, b] = [await submit(), await submit()];
  const after = await submit({ after: [a.id, b.id] });
  await end(a, 0);
  assert.equal(await state(after), "queued");
  await end(b, 0);
  assert.equal(await state(after), "running");
  const late = await submit({ after: [a.id, b.id] });
  await clock.advance(50);
  assert.equal(await state(late), "running", "both have succeeded already");
  jobs.close();
});

Deno.test("a failure cancels what comes after it, and what comes after that, with the reason", async () => {
  const { submit, state, end, jobs } = await bench();
  const first = await submit();
  const second = await submit({ after: [first.id] });
  const third = await submit({ after: [second.id] });
  const anyhow = await submit({ after: [first.id, second.id], condition: "done" });
  await end(first, 3);
  const errors = await Promise.all([second, third].map(async ({ id }) => {
    const job = await jobs.get(id);
    return "error" in job ? job.error : null;
  }));
  assert.deepEqual(errors, [
    "Cancelled: job 1, which it was to come after, failed with exit code 3.",
    "Cancelled: job 2, which it was to come after, was cancelled.",
  ]);
  assert.equal(await state(anyhow), "running");
  const late = await submit({ after: [first.id] });
  assert.equal(late.state, "terminated", "what can never start is cancelled at once");
  jobs.close();
});

Deno.test("a job that waits is cancelled while it is held, too", async () => {
  const { submit, state, end, jobs } = await bench();
  const first = await submit();
  const after = await submit({ after: [first.id] });
  await jobs.control(after.id, "paused");
  await end(first, 1);
  assert.equal(await state(after), "terminated");
  jobs.close();
});

Deno.test("a job to come after that is not there is refused by its place in the list", async () => {
  const { submit, jobs } = await bench();
  const job = await submit();
  await assert.rejects(submit({ after: [job.id, 99] }), (error) => {
    assert.ok(error instanceof Problem && error.code === "invalid_request");
    assert.deepEqual(error.extras.errors?.map(({ pointer }) => pointer), ["/after/1"]);
    assert.match(error.message, /no job 99/);
    return true;
  });
  jobs.close();
});

Deno.test("removing a job that others wait for tells them first how it ended", async () => {
  const { submit, state, end, clock, jobs } = await bench(1);
  const blocker = await submit();
  const first = await submit();
  const strict = await submit({ after: [first.id] });
  const anyhow = await submit({ after: [first.id], condition: "done" });
  await jobs.remove(first.id, { terminate: false });
  assert.equal(await state(strict), "terminated");
  await end(blocker, 0);
  await clock.advance(50);
  assert.equal(await state(anyhow), "running");
  jobs.close();
});

Deno.test("another attempt comes after its delay, which grows, and the last one counts", async () => {
  const { clock, processes, submit, end, jobs } = await bench();
  const job = await submit({ retries: 2, retryDelay: 10 });
  await end(job, 1);
  const waiting = await jobs.get(job.id);
  assert.deepEqual(waiting.state === "queued" && waiting.waits, { until: clock.wall() + 10_000 });
  await clock.advance(10_050);
  assert.equal((await jobs.get(job.id)).state, "running");
  await end(job, 2);
  await clock.advance(19_000);
  assert.equal((await jobs.get(job.id)).state, "queued");
  await clock.advance(1100);
  await end(job, 3);
  const ended = await jobs.get(job.id);
  assert.deepEqual([ended.state, "exitCode" in ended && ended.exitCode], ["failed", 3]);
  assert.deepEqual(ended.attempts?.map(({ exitCode }) => exitCode), [1, 2]);
  assert.deepEqual(processes.started.map(({ attempt }) => attempt), [1, 2, 3]);
  jobs.close();
});

Deno.test("a job that succeeds at a later attempt lets those go that come after it", async () => {
  const { clock, submit, state, end, jobs } = await bench();
  const job = await submit({ retries: 1, retryDelay: 0 });
  const after = await submit({ after: [job.id] });
  await end(job, 1);
  await clock.advance(50);
  assert.equal(await state(after), "queued");
  await end(job, 0);
  assert.equal(await state(after), "running");
  jobs.close();
});

Deno.test("what the disk does not take is done later, and nobody is forgotten", async () => {
  const { clock, store, submit, state, end, jobs, errors } = await bench();
  const first = await submit();
  const after = await submit({ after: [first.id] });
  const timed = await submit({ startAt: clock.wall() + HOUR });
  await clock.advance(0);
  store.fails = ({ changes }) => changes.some(({ id }) => id === after.id || id === timed.id);
  await end(first, 0);
  await clock.advance(HOUR + 100);
  assert.deepEqual([await state(after), await state(timed)], ["queued", "queued"]);
  assert.ok(errors.length > 0);
  store.fails = () => false;
  await clock.advance(5000);
  assert.deepEqual([await state(after), await state(timed)], ["running", "running"]);
  jobs.close();
});
