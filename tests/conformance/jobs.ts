import { addJobs, apply, conflict, deepEqual, equal, putJob, type Sentence, versionOf } from "./harness.ts";
import { endedJob, NOW, queuedJob, runningJob } from "./subjects.ts";
import type { Job } from "../../lib/domain/job.ts";

export function aboutJobs(it: Sentence): void {
  it("the queue gives higher priority first, then lower ids, and only queued jobs", async ({ store }) => {
    const held: Job = { ...queuedJob(6), state: "paused", since: NOW };
    await addJobs(
      store,
      queuedJob(5, { priority: 1 }),
      queuedJob(1),
      queuedJob(4, { priority: -1 }),
      queuedJob(3, { priority: 1 }),
      queuedJob(2),
      held,
      runningJob(7),
    );
    const ids = async (limit: number) => (await store.jobs.queue(limit)).map(({ value }) => value.id);
    deepEqual(await ids(10), [3, 5, 1, 2, 4]);
    deepEqual(await ids(2), [3, 5]);
    await apply(store, putJob(runningJob(3)));
    deepEqual(await ids(10), [5, 1, 2, 4]);
  });

  it("active are the jobs that have processes", async ({ store }) => {
    const paused: Job = { ...runningJob(2), state: "paused", since: NOW, run: { started: NOW, pausedMs: 0 } };
    const held: Job = { ...queuedJob(3), state: "paused", since: NOW };
    await addJobs(store, runningJob(1), paused, held, queuedJob(4), endedJob(5));
    deepEqual((await store.jobs.active()).map(({ value }) => value.id).sort(), [1, 2]);
    await addJobs(store, endedJob(1));
    deepEqual((await store.jobs.active()).map(({ value }) => value.id), [2]);
  });

  it("a job is found by its idempotency key, which no second job can take", async ({ store }) => {
    const job: Job = { ...queuedJob(1), idempotency: { key: "ключ", digest: "d" } };
    const version = await versionOf(store, putJob(job));
    deepEqual(await store.jobs.byIdempotencyKey("ключ"), { value: job, version });
    equal(await store.jobs.byIdempotencyKey("other"), undefined);
    const second: Job = { ...queuedJob(2), idempotency: { key: "ключ", digest: "e" } };
    deepEqual(await conflict(store, putJob(second)), [{ index: 0, version }]);
    await apply(store, putJob({ ...job, state: "running", run: { started: NOW, pausedMs: 0 } }));
    await apply(store, { kind: "job", id: 1, expect: { is: "any" }, value: null });
    await apply(store, putJob(second));
    equal((await store.jobs.byIdempotencyKey("ключ"))?.value.id, 2);
  });

  it("the last id counts removed jobs, also after a restart", async (bench) => {
    equal(await bench.store.jobs.lastId(), 0);
    await addJobs(bench.store, queuedJob(1), queuedJob(2), queuedJob(3));
    await apply(bench.store, { kind: "job", id: 3, expect: { is: "any" }, value: null });
    equal(await bench.store.jobs.lastId(), 3);
    equal(await (await bench.reopen()).jobs.lastId(), 3);
    await apply(bench.store, putJob(queuedJob(9)), putJob(queuedJob(8)));
    equal(await bench.store.jobs.lastId(), 9);
  });

  it("jobs are counted by state through every change", async (bench) => {
    await addJobs(
      bench.store,
      queuedJob(1),
      queuedJob(2),
      runningJob(3),
      endedJob(4),
      endedJob(5, {}, { state: "lost" }),
    );
    await addJobs(bench.store, runningJob(1), endedJob(3, {}, { state: "failed" }));
    await apply(bench.store, { kind: "job", id: 4, expect: { is: "any" }, value: null });
    const expected = {
      queued: 1,
      running: 1,
      paused: 0,
      succeeded: 0,
      failed: 1,
      terminated: 0,
      timed_out: 0,
      lost: 1,
    };
    deepEqual(await bench.store.jobs.counts(), expected);
    deepEqual(await (await bench.reopen()).jobs.counts(), expected);
  });

  it("a job's text comes back unharmed", async ({ store }) => {
    const job = queuedJob(1, {
      command: "echo 'Привет \u{1F680}'\n\"x\" \u0000 \\ \ud800",
      name: "имя",
      labels: { "ключ": "значение", "a": "" },
      env: { A: "б" },
      stdin: "\r\n",
    });
    await apply(store, putJob(job));
    deepEqual((await store.jobs.get(1))?.value, job);
    deepEqual((await store.jobs.list({ sort: "created", limit: 1 })).items[0]?.value, job);
  });
}
