import type { Job, Waits } from "../../lib/domain/job.ts";
import type { Queue } from "../../lib/domain/queue.ts";
import type { Change, Store } from "../../lib/services/ports/store.ts";
import {
  addJobs,
  apply,
  conflict,
  deepEqual,
  equal,
  idsOf,
  putJob,
  type Sentence,
  take,
  versionOf,
} from "./harness.ts";
import { endedJob, NOW, queuedJob, runningJob } from "./subjects.ts";

function waiting(id: number, waits: Waits, queue?: string): Job {
  return { ...queuedJob(id, queue ? { queue } : {}), waits } as Job;
}

function held(id: number, more: { waits?: Waits; queue?: string } = {}): Job {
  const { waits, queue } = more;
  return { ...queuedJob(id, queue ? { queue } : {}), state: "paused", since: NOW, ...(waits && { waits }) };
}

function queue(name: string, more: Partial<Queue> = {}): Change {
  return {
    kind: "queue",
    id: name,
    expect: { is: "any" },
    value: { name, slots: null, paused: false, maxQueued: null, ...more },
  };
}

async function next(store: Store, limit: number, rooms: Record<string, number>): Promise<number[]> {
  const all = Object.entries(rooms).map(([name, most]) => ({ name, most }));
  return (await store.jobs.queue(limit, all)).map(({ value }) => value.id);
}

export function aboutQueues(it: Sentence): void {
  it("queues are written, listed by name, replaced and removed, and the feed tells of it", async (bench) => {
    const version = await versionOf(bench.store, queue("b", { slots: 2 }));
    await apply(bench.store, queue("а", { paused: true, maxQueued: 0 }), queue("a"));
    await apply(bench.store, queue("a", { slots: 7 }));
    const named = async (store: Store) =>
      (await store.queues.list()).map(({ value }) => `${value.name} ${value.slots} ${value.paused} ${value.maxQueued}`);
    const expected = ["a 7 false null", "b 2 false null", "а null true 0"];
    deepEqual(await named(bench.store), expected);
    deepEqual(await named(await bench.reopen()), expected);
    await apply(bench.store, { kind: "queue", id: "b", expect: { is: "version", oneOf: [version] }, value: null });
    deepEqual(await named(bench.store), [expected[0], expected[2]]);
    const entries = await take(bench.store, 5, { after: version - 1, kinds: ["queue"] });
    deepEqual(entries.map(({ id, value }) => [id, value !== null]), [
      ["b", true],
      ["а", true],
      ["a", true],
      ["a", true],
      ["b", false],
    ]);
  });

  it("a queue with jobs that have not ended is not removed, one whose jobs have all ended is", async ({ store }) => {
    await apply(store, queue("q"), queue("r"));
    for (const job of [queuedJob(1, { queue: "q" }), held(1, { queue: "q" }), runningJob(1, { queue: "q" })]) {
      await addJobs(store, job);
      const remove: Change = { kind: "queue", id: "q", expect: { is: "present" }, value: null };
      deepEqual((await conflict(store, remove)).map(({ index }) => index), [0]);
    }
    await addJobs(store, endedJob(1, { queue: "q" }), queuedJob(2, { queue: "r" }));
    await apply(store, { kind: "queue", id: "q", expect: { is: "present" }, value: null });
    deepEqual((await store.queues.list()).map(({ value }) => value.name), ["r"]);
  });

  it("the next jobs are the first of the queues that are named, in one order, as many as each has room for", async ({ store }) => {
    await addJobs(
      store,
      queuedJob(1),
      queuedJob(2, { queue: "a", priority: 1 }),
      queuedJob(3, { queue: "b" }),
      queuedJob(4, { queue: "a", priority: 1 }),
      queuedJob(5, { priority: 1 }),
      queuedJob(6, { queue: "b", priority: 9 }),
      { ...queuedJob(7, { priority: 99 }), workerId: "w" },
    );
    const all = { default: Infinity, a: Infinity, b: Infinity };
    deepEqual(await next(store, 9, all), [6, 2, 4, 5, 1, 3]);
    for (const limit of [1, 2, 3, 4, 5]) deepEqual(await next(store, limit, all), [6, 2, 4, 5, 1].slice(0, limit));
    deepEqual(await next(store, 9, { default: 9, a: 1 }), [2, 5, 1]);
    deepEqual(await next(store, 9, { b: 1 }), [6]);
    deepEqual(await next(store, 9, { c: 1 }), []);
    deepEqual(await next(store, 9, {}), []);
    await addJobs(store, runningJob(6, { queue: "b", priority: 9 }), queuedJob(2, { queue: "b" }));
    deepEqual(await next(store, 9, { a: 9 }), [4]);
    deepEqual(await next(store, 9, { b: 9 }), [2, 3]);
  });

  it("jobs that wait or are held are not among the next ones, until they are ready", async ({ store }) => {
    await addJobs(store, waiting(1, { until: NOW }), waiting(2, { for: [9] }), held(3), queuedJob(4));
    deepEqual(await next(store, 9, { default: 9 }), [4]);
    await addJobs(store, queuedJob(1), queuedJob(2), queuedJob(3));
    deepEqual(await next(store, 9, { default: 9 }), [1, 2, 3, 4]);
  });

  it("jobs that wait for a time are found by it, earliest first, held ones included", async ({ store }) => {
    equal(await store.jobs.nextDue(), undefined);
    await addJobs(
      store,
      waiting(1, { until: NOW + 30 }),
      waiting(2, { until: NOW + 10, for: [1] }),
      held(3, { waits: { until: NOW + 20 } }),
      waiting(4, { for: [1] }),
      queuedJob(5),
    );
    const due = async (now: number, limit: number) => (await store.jobs.due(now, limit)).map(({ value }) => value.id);
    equal(await store.jobs.nextDue(), NOW + 10);
    deepEqual(await due(NOW + 9, 9), []);
    deepEqual(await due(NOW + 20, 9), [2, 3]);
    deepEqual(await due(NOW + 99, 2), [2, 3]);
    await addJobs(store, waiting(2, { for: [1] }), endedJob(3));
    deepEqual(await due(NOW + 99, 9), [1]);
    equal(await store.jobs.nextDue(), NOW + 30);
  });

  it("those that wait for a job are found by it, as long as they do", async (bench) => {
    await addJobs(
      bench.store,
      runningJob(1),
      endedJob(2),
      waiting(3, { for: [1, 2] }),
      waiting(4, { for: [1, 77] }),
      held(5, { waits: { for: [1] } }),
      queuedJob(6),
    );
    const dependents = async (store: Store, id: number, limit = 9) =>
      (await store.jobs.dependents(id, limit)).map(({ value }) => value.id);
    deepEqual(await dependents(bench.store, 1), [3, 4, 5]);
    deepEqual(await dependents(bench.store, 1, 2), [3, 4]);
    deepEqual(await dependents(bench.store, 6), []);
    const store = await bench.reopen();
    deepEqual(await dependents(store, 2), [3]);
    deepEqual(await store.jobs.settled(9), [2, 77], "these have ended or are gone, and nobody has told");
    deepEqual(await store.jobs.settled(1), [2]);
    await addJobs(store, waiting(3, { for: [1] }), endedJob(4));
    await apply(store, { kind: "job", id: 5, expect: { is: "any" }, value: null });
    deepEqual(await dependents(store, 1), [3]);
    deepEqual(await dependents(store, 77), []);
    deepEqual(await store.jobs.settled(9), []);
  });

  it("what there is in each queue is counted by what it does, jobs in worker slots left out", async (bench) => {
    await addJobs(
      bench.store,
      queuedJob(1),
      waiting(2, { for: [1] }),
      waiting(3, { until: NOW }),
      held(4),
      runningJob(5),
      { ...runningJob(6), state: "paused", since: NOW, run: { started: NOW, pausedMs: 0 } },
      endedJob(7),
      { ...runningJob(8), workerId: "w" },
      queuedJob(9, { queue: "q" }),
      endedJob(10, { queue: "ended" }),
    );
    const expected = {
      default: { ready: 1, waiting: 2, held: 1, running: 2 },
      q: { ready: 1, waiting: 0, held: 0, running: 0 },
    };
    deepEqual(Object.fromEntries(await bench.store.jobs.loads()), expected);
    deepEqual(Object.fromEntries(await (await bench.reopen()).jobs.loads()), expected);
  });

  it("jobs are listed by their queue, which those in worker slots have none of", async ({ store }) => {
    await addJobs(
      store,
      queuedJob(1),
      endedJob(2, { queue: "q" }),
      endedJob(3, { queue: "q" }, { state: "failed" }),
      { ...endedJob(4), workerId: "w" },
      runningJob(5, { queue: "q" }),
    );
    deepEqual(await idsOf(store, { queue: "q" }), [5, 3, 2]);
    deepEqual(await idsOf(store, { queue: "q", limit: 1 }), [5, 3, 2]);
    deepEqual(await idsOf(store, { queue: "q", states: ["failed"] }), [3]);
    deepEqual(await idsOf(store, { queue: "default" }), [1]);
    deepEqual(await idsOf(store, { queue: "none" }), []);
    await apply(store, putJob(endedJob(5, { queue: "r" })));
    deepEqual(await idsOf(store, { queue: "q", sort: "-duration" }), [3, 2]);
  });
}
