import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import { type EndedJob, isEnded, type JobSpec } from "../../../lib/domain/job.ts";
import type { Faults } from "../../../lib/services/ports/faults.ts";
import type { Jobs } from "../../../lib/services/jobs/jobs.ts";
import { eventually } from "../../helpers/eventually.ts";
import { openJobEngine } from "../../helpers/job_engine.ts";
import { isAlive } from "../../helpers/left_behind.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const spec = (command: string, more: Partial<JobSpec> = {}): JobSpec => ({ command, grace: 5, priority: 0, ...more });

async function ended(jobs: Jobs, id: number): Promise<EndedJob> {
  const job = await jobs.waitEnd(id, AbortSignal.timeout(30_000));
  assert.ok(isEnded(job), `job ${id} should have ended, and is ${job.state}`);
  return job;
}

Deno.test("a job runs, and its result says how", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { job } = await engine.jobs.submit(spec("echo Привет; echo ой >&2; exit 3"));
  assert.equal(job.state, "running", "a slot was free and nobody waited for one");
  const end = await ended(engine.jobs, job.id);
  assert.equal(end.state, "failed");
  assert.equal(end.exitCode, 3);
  const result = await engine.jobs.results.get(job.id);
  assert.equal(result.stdout.text, "Привет\n");
  assert.equal(result.stderr.text, "ой\n");
  assert.deepEqual(engine.errors, []);
});

Deno.test("a job that finds a slot free is started in one commit, and one that does not is queued", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path, { slots: 1 });
  const changes: (string | null)[][] = [];
  engine.jobs.onChange((job, before) => changes.push([before, job.state]));
  const [first, second] = await Promise.all([
    engine.jobs.submit(spec(`while [ ! -e ${directory.path}/go ]; do sleep 0.02; done`)),
    engine.jobs.submit(spec("true")),
  ]);
  assert.deepEqual([first.job.state, second.job.state], ["running", "queued"]);
  // The slot that comes free is the queue's, not the next one's to come.
  await Deno.writeTextFile(`${directory.path}/go`, "");
  for (const { job } of [first, second]) await ended(engine.jobs, job.id);
  assert.deepEqual(changes, [
    [null, "running"],
    [null, "queued"],
    ["running", "succeeded"],
    ["queued", "running"],
    ["running", "succeeded"],
  ]);
});

Deno.test("no more jobs run at once than there are slots, higher priority first", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path, { slots: 1 });
  const log = `${directory.path}/log`;
  const gate = await engine.jobs.submit(spec(`while [ ! -e ${directory.path}/go ]; do sleep 0.02; done`));
  const ids: number[] = [];
  for (const [name, priority] of [["a", 0], ["b", 5], ["c", 0], ["d", 5]] as const) {
    ids.push((await engine.jobs.submit(spec(`echo ${name} >>${log}`, { priority }))).job.id);
  }
  await eventually("the job runs", async () => (await engine.jobs.get(gate.job.id)).state === "running");
  assert.equal(engine.jobs.waiting, 4);
  assert.ok(engine.jobs.needsAllSlots);
  await Deno.writeTextFile(`${directory.path}/go`, "");
  for (const id of ids) await ended(engine.jobs, id);
  assert.equal(await Deno.readTextFile(log), "b\nd\na\nc\n");
  await eventually("the slot is free", () => engine.slots.used === 0);
});

Deno.test("a paused job keeps its slot, stops, and goes on", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path, { slots: 1 });
  const { job } = await engine.jobs.submit(spec("while :; do echo tick; sleep 0.02; done"));
  await eventually("there is more output", async () => await engine.jobs.results.size(job.id, "stdout") > 0);
  await engine.jobs.control(job.id, "paused");
  const size = await engine.jobs.results.size(job.id, "stdout");
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await engine.jobs.results.size(job.id, "stdout"), size);
  assert.equal(engine.slots.used, 1);
  await engine.jobs.control(job.id, "running");
  await eventually("there is more output", async () => await engine.jobs.results.size(job.id, "stdout") > size);
  await engine.jobs.control(job.id, "paused");
  await engine.jobs.control(job.id, "terminated");
  assert.equal((await ended(engine.jobs, job.id)).state, "terminated");
});

Deno.test("a job over its time limit is ended, and time spent paused does not count", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { job } = await engine.jobs.submit(spec("sleep 600", { timeout: 1 }));
  await eventually("the job runs", async () => (await engine.jobs.get(job.id)).state === "running");
  await engine.jobs.control(job.id, "paused");
  await new Promise((resolve) => setTimeout(resolve, 1300));
  assert.equal((await engine.jobs.get(job.id)).state, "paused");
  await engine.jobs.control(job.id, "running");
  assert.equal((await ended(engine.jobs, job.id)).state, "timed_out");
});

Deno.test("a queued job can be held, let go, and cancelled", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path, { slots: 1 });
  const gate = await engine.jobs.submit(spec("sleep 600"));
  const { job } = await engine.jobs.submit(spec("true"));
  assert.equal((await engine.jobs.control(job.id, "paused")).state, "paused");
  assert.equal(engine.jobs.waiting, 0);
  assert.equal((await engine.jobs.control(job.id, "running")).state, "queued");
  assert.equal((await engine.jobs.control(job.id, "terminated")).state, "terminated");
  await assert.rejects(
    engine.jobs.control(job.id, "running"),
    (error) => error instanceof Problem && error.code === "invalid_transition",
  );
  await engine.jobs.remove(gate.job.id, { terminate: true });
});

Deno.test("the same idempotency key makes one job, however often and however concurrently it is sent", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const idempotency = { key: "k", digest: "d" };
  const answers = await Promise.all(Array.from({ length: 8 }, () => engine.jobs.submit(spec("true"), { idempotency })));
  assert.deepEqual(new Set(answers.map(({ job }) => job.id)).size, 1);
  assert.equal(answers.filter(({ repeated }) => !repeated).length, 1);
  await assert.rejects(
    engine.jobs.submit(spec("false"), { idempotency: { key: "k", digest: "other" } }),
    (error) => error instanceof Problem && error.code === "idempotency_mismatch",
  );
  await ended(engine.jobs, answers[0]!.job.id);
});

Deno.test("jobs live on when the server lets go, and the next one takes them up", async () => {
  await using directory = await tempDir();
  const before = await openJobEngine(directory.path, { slots: 3 });
  const go = `${directory.path}/go`;
  const waiting = `i=0; while [ ! -e ${go} ]; do i=$((i+1)); echo $i; sleep 0.02; done; exit 7`;
  const running = (await before.jobs.submit(spec(waiting))).job.id;
  const paused = (await before.jobs.submit(spec(waiting))).job.id;
  const brief = (await before.jobs.submit(spec("sleep 0.3; echo done"))).job.id;
  const queued = (await before.jobs.submit(spec("echo queued"))).job.id;
  await eventually("there is more output", async () => await before.jobs.results.size(paused, "stdout") > 0);
  await before.jobs.control(paused, "paused");
  await before.close();
  await new Promise((resolve) => setTimeout(resolve, 600));

  await using after = await openJobEngine(directory.path, { slots: 1 });
  assert.equal((await ended(after.jobs, brief)).state, "succeeded");
  assert.equal((await after.jobs.get(running)).state, "running");
  assert.equal((await after.jobs.get(paused)).state, "paused");
  assert.equal((await after.jobs.get(queued)).state, "queued", "two jobs hold slots, above the limit");
  await Deno.writeTextFile(go, "");
  assert.equal((await ended(after.jobs, running)).exitCode, 7);
  assert.equal((await after.jobs.get(paused)).state, "paused");
  await after.jobs.control(paused, "running");
  assert.equal((await ended(after.jobs, paused)).exitCode, 7);
  assert.equal((await ended(after.jobs, queued)).state, "succeeded");
  const lines = (await after.jobs.results.get(running)).stdout.text.trim().split("\n").map(Number);
  assert.deepEqual(lines, lines.map((_, i) => i + 1), "no line is missing or repeated");
  assert.deepEqual(after.errors, []);
});

Deno.test("a job that the server had decided to start, and had not, goes back to the queue and runs", async () => {
  await using directory = await tempDir();
  const { openStore } = await import("../../../lib/store/open.ts");
  const store = await openStore({ directory: directory.path });
  const job = { id: 1, spec: spec("echo once"), created: 1, cookie: crypto.randomUUID() };
  await store.commit({
    id: "x",
    at: 1,
    changes: [
      {
        kind: "job",
        id: 1,
        expect: { is: "absent" },
        value: { ...job, state: "running", run: { started: 2, pausedMs: 0 } },
      },
    ],
  });
  await store.close();
  await using engine = await openJobEngine(directory.path);
  assert.equal((await ended(engine.jobs, 1)).state, "succeeded");
  assert.equal((await engine.jobs.results.get(1)).stdout.text, "once\n");
});

Deno.test("what lies in the place of a job that never was is not taken for that job's", async () => {
  await using directory = await tempDir();
  const before = await openJobEngine(directory.path);
  await before.jobs.submit(spec("echo first"));
  await ended(before.jobs, 1);
  await before.close();
  // As a store does that was put back to an earlier time.
  for (
    const [ending, text] of [["run", `started boot 1 1 1\nexited 9\n`], ["stdout", "old\n"], ["run.1", "claimed\n"]]
  ) {
    await Deno.writeTextFile(`${directory.path}/jobs/0/2.${ending}`, text!);
  }
  await Deno.mkdir(`${directory.path}/jobs/7`);
  await Deno.writeTextFile(`${directory.path}/jobs/7/7001.stdout`, "old");
  await using engine = await openJobEngine(directory.path);
  await engine.jobs.submit(spec("echo second"));
  assert.equal((await ended(engine.jobs, 2)).state, "succeeded");
  assert.equal((await engine.jobs.results.get(2)).stdout.text, "second\n");
  assert.equal((await engine.jobs.results.get(1)).stdout.text, "first\n");
  await assert.rejects(Deno.stat(`${directory.path}/jobs/7/7001.stdout`), Deno.errors.NotFound);
});

Deno.test("what a job printed can be found as soon as its result is there", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { job } = await engine.jobs.submit(spec("echo 'Собрано за ВЕЧЕР'"));
  await engine.jobs.submit(spec("echo nothing of the kind"));
  await ended(engine.jobs, job.id);
  const found = await engine.jobs.list({ output: "вечер собрано", sort: "-created", limit: 10 });
  assert.deepEqual(found.items.map(({ id }) => id), [job.id]);
});

Deno.test("a result that was deleted is gone, and the job stays; a removed job is gone altogether", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { job } = await engine.jobs.submit(spec("echo text"));
  await ended(engine.jobs, job.id);
  await engine.jobs.results.remove(job.id);
  const code = (wanted: string) => (error: unknown) => error instanceof Problem && error.code === wanted;
  await assert.rejects(engine.jobs.results.get(job.id), code("result_gone"));
  await assert.rejects(engine.jobs.results.remove(job.id), code("result_gone"));
  await assert.rejects(
    engine.jobs.results.output(job.id, "stdout", { start: 0 }),
    code("result_gone"),
  );
  await engine.jobs.remove(job.id, { terminate: false });
  await assert.rejects(engine.jobs.get(job.id), code("not_found"));
  const next = await engine.jobs.submit(spec("true"));
  assert.ok(next.job.id > job.id, "ids are never given twice");
  await ended(engine.jobs, next.job.id);
});

Deno.test("a running job is not removed unless it is to be terminated", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { job } = await engine.jobs.submit(spec("sleep 600"));
  await eventually("the job runs", async () => (await engine.jobs.get(job.id)).state === "running");
  await assert.rejects(
    engine.jobs.remove(job.id, { terminate: false }),
    (error) => error instanceof Problem && error.code === "still_active",
  );
  await engine.jobs.remove(job.id, { terminate: true });
  await assert.rejects(engine.jobs.get(job.id));
  await eventually("the slot is free", () => engine.slots.used === 0);
});

Deno.test("a job that is terminated as it ends is over only when what it left behind is gone", async () => {
  await using directory = await tempDir();
  let asked: Promise<unknown> | undefined;
  const faults: Faults = {
    reach(seam, id) {
      if (seam === "output indexed") asked ??= engine.jobs.control(id, "terminated");
    },
  };
  await using engine = await openJobEngine(directory.path, { faults });
  const daemon = `setsid sh -c 'trap "" TERM; echo $$ >${directory.path}/pid; while :; do sleep 0.1; done' &`;
  const wait = `until [ -s ${directory.path}/pid ]; do sleep 0.02; done`;
  const { job } = await engine.jobs.submit(spec(`${daemon} ${wait}; exit 4`, { grace: 0.5 }));
  const end = await ended(engine.jobs, job.id);
  const pid = Number(await Deno.readTextFile(`${directory.path}/pid`));
  assert.equal(await isAlive(pid), false);
  assert.deepEqual([end.state, end.exitCode, end.survivors], ["terminated", 4, []]);
  await asked;
});
