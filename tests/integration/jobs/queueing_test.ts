import assert from "node:assert/strict";
import { type EndedJob, isEnded, type JobSpec } from "../../../lib/domain/job.ts";
import { Problem } from "../../../lib/domain/errors.ts";
import type { Jobs } from "../../../lib/services/jobs/jobs.ts";
import { eventually } from "../../helpers/eventually.ts";
import { type JobEngine, openJobEngine } from "../../helpers/job_engine.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const spec = (command: string, more: Partial<JobSpec> = {}): JobSpec => ({ command, grace: 5, priority: 0, ...more });
const queue = (name: string, more: { slots?: number; paused?: boolean; maxQueued?: number } = {}) => ({
  name,
  slots: more.slots ?? null,
  paused: more.paused ?? false,
  maxQueued: more.maxQueued ?? null,
});
const isProblem = (code: string) => (error: unknown) => error instanceof Problem && error.code === code;

async function ended(jobs: Jobs, id: number): Promise<EndedJob> {
  const job = await jobs.waitEnd(id, AbortSignal.timeout(60_000));
  assert.ok(isEnded(job), `job ${id} should have ended, and is ${job.state}`);
  return job;
}

async function submit({ jobs }: JobEngine, command: string, more: Partial<JobSpec> = {}): Promise<number> {
  return (await jobs.submit(spec(command, more))).job.id;
}

const stateOf = async ({ jobs }: JobEngine, id: number) => (await jobs.get(id)).state;

Deno.test("a queue never has more jobs active than its slots, and a full or paused one holds up no other", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path, { slots: 8 });
  const { jobs } = engine;
  await jobs.queues.put(queue("narrow", { slots: 2 }));
  await jobs.queues.put(queue("stopped", { paused: true }));
  const gate = `while [ ! -e ${directory.path}/go ]; do sleep 0.02; done`;
  const stopped = await submit(engine, "true", { queue: "stopped", priority: 1000 });
  const narrow = [];
  for (let i = 0; i < 5; i++) narrow.push(await submit(engine, gate, { queue: "narrow", priority: 500 }));
  const free = await submit(engine, "true");
  assert.equal((await ended(jobs, free)).state, "succeeded");
  await eventually("two of them run", () => jobs.queues.get("narrow").load.running === 2);
  assert.deepEqual(jobs.queues.get("narrow").load, { ready: 3, waiting: 0, held: 0, running: 2 });
  assert.deepEqual(await Promise.all(narrow.map((id) => stateOf(engine, id))), [
    "running",
    "running",
    "queued",
    "queued",
    "queued",
  ]);
  assert.equal(jobs.needsAllSlots, false, "nothing that could start waits");
  await jobs.queues.put(queue("narrow", { slots: 4 }));
  await eventually("four of them run", () => jobs.queues.get("narrow").load.running === 4);
  await Deno.writeTextFile(`${directory.path}/go`, "");
  for (const id of narrow) await ended(jobs, id);
  assert.equal(await stateOf(engine, stopped), "queued");
  await jobs.queues.put(queue("stopped"));
  await ended(jobs, stopped);
  assert.deepEqual(jobs.queues.get("narrow").load, { ready: 0, waiting: 0, held: 0, running: 0 });
  assert.deepEqual(engine.errors, []);
});

Deno.test("of many that submit at once exactly as many get in as the queue takes", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { jobs } = engine;
  await jobs.queues.put(queue("small", { paused: true, maxQueued: 7 }));
  const tries = Array.from({ length: 40 }, () => submit(engine, "true", { queue: "small" }));
  const outcomes = await Promise.allSettled(tries);
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 7);
  for (const outcome of outcomes) if (outcome.status === "rejected") assert.ok(isProblem("queue_full")(outcome.reason));
  const [first] = (await jobs.list({ queue: "small", sort: "created", limit: 1 })).items;
  await jobs.control(first!.id, "paused");
  await assert.rejects(submit(engine, "true", { queue: "small" }), isProblem("queue_full"), "held ones count");
  await jobs.remove(first!.id, { terminate: false });
  await submit(engine, "true", { queue: "small" });
});

Deno.test("a queue is deleted when all its jobs have ended, and not while one is on its way in", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { jobs } = engine;
  await jobs.queues.put(queue("q", { paused: true }));
  const coming = submit(engine, "true", { queue: "q" });
  await assert.rejects(jobs.queues.remove("q"), isProblem("queue_in_use"));
  const id = await coming;
  await assert.rejects(jobs.queues.remove("q"), isProblem("queue_in_use"));
  await assert.rejects(jobs.queues.remove("default"), isProblem("queue_in_use"));
  await assert.rejects(jobs.queues.remove("none"), isProblem("not_found"));
  await jobs.control(id, "terminated");
  await jobs.queues.remove("q");
  await assert.rejects(submit(engine, "true", { queue: "q" }), isProblem("invalid_request"));
  assert.deepEqual((await jobs.list({ queue: "q", sort: "created", limit: 9 })).items.map((job) => job.id), [id]);
  await assert.rejects(jobs.rerun(id), isProblem("invalid_request"), "its queue is gone");
});

Deno.test("queues, what waits, and who is tried again are there after a restart", async () => {
  await using directory = await tempDir();
  const before = await openJobEngine(directory.path, { slots: 2 });
  await before.jobs.queues.put(queue("ночь", { slots: 1, maxQueued: 9 }));
  await before.jobs.queues.put(queue("default", { slots: 3 }));
  const gate = `while [ ! -e ${directory.path}/go ]; do sleep 0.02; done`;
  const running = await submit(before, gate, { queue: "ночь" });
  await eventually("it runs", async () => await stateOf(before, running) === "running");
  const next = await submit(before, "true", { queue: "ночь" });
  const after = await submit(before, "true", { after: [running] });
  const later = await submit(before, "true", { startAt: Date.now() + 3_600_000 });
  const again = await submit(before, "echo one; exit 1", { retries: 1, retryDelay: 3600 });
  await eventually(
    "it waits for its second attempt",
    async () => (await before.jobs.get(again)).attempts?.length === 1,
  );
  await before.close();

  await using engine = await openJobEngine(directory.path, { slots: 4 });
  const { jobs } = engine;
  assert.deepEqual(jobs.queues.list().map((status) => status.queue), [
    queue("default", { slots: 3 }),
    queue("ночь", { slots: 1, maxQueued: 9 }),
  ]);
  assert.deepEqual(jobs.queues.get("ночь").load, { ready: 1, waiting: 0, held: 0, running: 1 });
  assert.deepEqual(jobs.queues.get("default").load, { ready: 0, waiting: 3, held: 0, running: 0 });
  assert.equal(await stateOf(engine, next), "queued", "an adopted job takes up its queue's only slot");
  await Deno.writeTextFile(`${directory.path}/go`, "");
  for (const id of [running, next, after]) assert.equal((await ended(jobs, id)).state, "succeeded");
  await jobs.edit(later, { startAt: null });
  assert.equal((await ended(jobs, later)).state, "succeeded");
  await jobs.remove(again, { terminate: false });
  assert.deepEqual(engine.errors, []);
});

Deno.test("each attempt adds to the output and is kept with its end, and the last one counts", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { jobs } = engine;
  const count = `${directory.path}/count`;
  const command =
    `echo x >>${count}; n=$(wc -l <${count}); echo "attempt" $n; echo err $n >&2; [ $n -ge 3 ] || exit $n`;
  const id = await submit(engine, command, { retries: 5, retryDelay: 0 });
  const job = await ended(jobs, id);
  assert.deepEqual([job.state, job.exitCode, job.attempts?.map(({ exitCode }) => exitCode)], ["succeeded", 0, [1, 2]]);
  const { stdout, stderr } = await jobs.results.get(id);
  assert.deepEqual([stdout.text, stderr.text], ["attempt 1\nattempt 2\nattempt 3\n", "err 1\nerr 2\nerr 3\n"]);
  assert.deepEqual(job.attempts?.map(({ stdoutBytes }) => stdoutBytes), [10, 20]);
  assert.deepEqual([job.stdoutBytes, job.stderrBytes], [30, 18]);
  for (const { started, ended } of job.attempts!) assert.ok(started <= ended && ended <= job.run!.started);
  const found = await jobs.list({ output: "ATTEMPT", sort: "created", limit: 9 });
  assert.deepEqual(found.items.map((job) => job.id), [id]);
  await jobs.remove(id, { terminate: false });
  const left = [...Deno.readDirSync(`${directory.path}/jobs/0`)].map(({ name }) => name);
  assert.deepEqual(left, [], "the records of all attempts are removed");
  assert.deepEqual(engine.errors, []);
});

Deno.test("one that is over its time limit is tried again, one that was terminated is not", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const slow = await submit(engine, "sleep 600", { timeout: 0.2, retries: 1, retryDelay: 0 });
  const end = await ended(engine.jobs, slow);
  assert.deepEqual([end.state, end.attempts?.map(({ state }) => state)], ["timed_out", ["timed_out"]]);
  const stopped = await submit(engine, "sleep 600", { retries: 9, retryDelay: 0 });
  await eventually("it runs", async () => await stateOf(engine, stopped) === "running");
  await engine.jobs.control(stopped, "terminated");
  assert.deepEqual([(await ended(engine.jobs, stopped)).state, (await engine.jobs.get(stopped)).attempts], [
    "terminated",
    undefined,
  ]);
  await eventually("no slot is taken", () => engine.slots.used === 0);
});

Deno.test("an attempt that the server died over is adopted as that attempt", async () => {
  await using directory = await tempDir();
  const before = await openJobEngine(directory.path);
  const flag = `${directory.path}/flag`;
  const command =
    `if [ -e ${flag} ]; then while [ ! -e ${flag}.go ]; do sleep 0.02; done; exit 7; fi; : >${flag}; exit 1`;
  const id = await submit(before, command, { retries: 1, retryDelay: 0 });
  await eventually("the second attempt runs", async () => {
    const job = await before.jobs.get(id);
    return job.state === "running" && job.attempts?.length === 1;
  });
  await before.close();
  await using engine = await openJobEngine(directory.path);
  await Deno.writeTextFile(`${flag}.go`, "");
  const end = await ended(engine.jobs, id);
  assert.deepEqual([end.exitCode, end.attempts?.map(({ exitCode }) => exitCode)], [7, [1]]);
});

Deno.test("a queued job is edited in every field, moves to another queue, and keeps its turn", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path, { slots: 1 });
  const { jobs } = engine;
  await jobs.queues.put(queue("a", { paused: true }));
  await jobs.queues.put(queue("full", { maxQueued: 0 }));
  const id = await submit(engine, "exit 1", { queue: "a", name: "old" });
  const held = await submit(engine, "exit 1", { queue: "a" });
  await jobs.control(held, "paused");
  await assert.rejects(jobs.edit(id, { queue: "full" }), isProblem("queue_full"));
  await assert.rejects(jobs.edit(id, { queue: "none" }), isProblem("invalid_request"));
  await assert.rejects(jobs.edit(id, { after: [id] }), isProblem("invalid_request"));
  await assert.rejects(jobs.edit(id, { after: [held] }), isProblem("invalid_request"), "only after older ones");
  await jobs.edit(held, { argv: ["echo", "edited"], after: [id], name: "held" });
  assert.equal((await jobs.edit(id, { command: "echo new", name: "new", queue: null })).spec.name, "new");
  assert.equal((await ended(jobs, id)).state, "succeeded");
  assert.equal((await jobs.results.get(id)).stdout.text, "new\n");
  await assert.rejects(jobs.edit(id, { name: "late" }), isProblem("invalid_transition"));
  assert.equal(await stateOf(engine, held), "paused");
  await jobs.edit(held, { queue: "default" });
  await jobs.control(held, "running");
  await ended(jobs, held);
  assert.equal((await jobs.results.get(held)).stdout.text, "edited\n");
  const names = await jobs.list({ q: "held", sort: "created", limit: 9 });
  assert.deepEqual(names.items.map((job) => job.id), [held]);
  assert.deepEqual((await jobs.list({ q: "old", sort: "created", limit: 9 })).items, []);
});

Deno.test("a running job is not edited, and edits of one job at once are all made", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path, { slots: 1 });
  const { jobs } = engine;
  const running = await submit(engine, "sleep 600");
  await eventually("it runs", async () => await stateOf(engine, running) === "running");
  await assert.rejects(jobs.edit(running, { name: "x" }), isProblem("invalid_transition"));
  const id = await submit(engine, "true");
  await Promise.all([
    jobs.edit(id, { name: "x" }),
    jobs.edit(id, { priority: 3 }),
    jobs.edit(id, { timeout: 9 }),
    jobs.edit(id, { startAt: Date.now() + 3_600_000 }),
    jobs.edit(id, { after: [running], condition: "done" }),
  ]);
  const job = await jobs.get(id);
  const { name, priority, timeout, after } = job.spec;
  assert.deepEqual([name, priority, timeout, after], ["x", 3, 9, [running]]);
  assert.ok(job.state === "queued" && job.waits?.until && job.waits.for);
  await jobs.edit(id, { startAt: null });
  await jobs.remove(running, { terminate: true });
  await ended(jobs, id);
});

Deno.test("a job is run again as a new one with the same specification", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { jobs } = engine;
  const first = await submit(engine, "echo $A; exit 4", { env: { A: "б" }, labels: { x: "y" }, priority: 3 });
  const last = await submit(engine, "true", { after: [first], condition: "done" });
  await ended(jobs, last);
  const { job } = await jobs.rerun(first);
  assert.deepEqual([job.rerunOf, job.spec], [first, (await jobs.get(first)).spec]);
  assert.equal((await ended(jobs, job.id)).exitCode, 4);
  assert.equal((await jobs.results.get(job.id)).stdout.text, "б\n");
  await jobs.remove(first, { terminate: false });
  const again = await jobs.rerun(last);
  assert.equal(again.job.spec.after, undefined, "it comes after nobody, who might be gone");
  await ended(jobs, again.job.id);
  await assert.rejects(jobs.rerun(first), isProblem("not_found"));
  const twice = await Promise.all([1, 2].map(() => jobs.rerun(last, { idempotency: { key: "k", digest: "d" } })));
  assert.equal(twice[0]!.job.id, twice[1]!.job.id);
  await ended(jobs, twice[0]!.job.id);
});
