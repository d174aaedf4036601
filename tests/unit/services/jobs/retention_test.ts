import assert from "node:assert/strict";
import { Leftovers } from "../../../../lib/services/jobs/leftovers.ts";
import type { JobContext } from "../../../../lib/services/jobs/context.ts";
import { JobRegister } from "../../../../lib/services/jobs/register.ts";
import { IDLE_MS, Retention, type RetentionLimits, STEP } from "../../../../lib/services/jobs/retention.ts";
import { commit } from "../../../../lib/services/commit.ts";
import type { Processes } from "../../../../lib/services/ports/processes.ts";
import { Slots } from "../../../../lib/services/slots.ts";
import { type EndedJob, isEnded, type Job } from "../../../../lib/domain/job.ts";
import { endedJob, queuedJob, runningJob, someWorker } from "../../../conformance/subjects.ts";
import { eventually } from "../../../helpers/eventually.ts";
import { FakeClock } from "../../../helpers/fake_clock.ts";
import { MemoryStore } from "../../../helpers/memory_store.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const UNLIMITED: RetentionLimits = { days: Infinity, jobs: Infinity, bytes: Infinity };

interface SetUp {
  limits?: Partial<RetentionLimits>;
  jobs: Job[];
  isNeeded?: (job: EndedJob) => boolean;
}

async function setUp({ limits, jobs, isNeeded }: SetUp) {
  const store = new MemoryStore();
  const clock = new FakeClock(START);
  const filesOf = new Set(jobs.map(({ id }) => id));
  const errors: string[] = [];
  const context: JobContext = {
    store,
    clock,
    slots: new Slots(1),
    inlineOutput: 0,
    processes: { removeOutput: (id: number) => Promise.resolve(void filesOf.delete(id)) } as Processes,
    onError: (message) => errors.push(message),
  };
  if (jobs.length > 0) {
    await commit(store, clock, jobs.map((value) => ({ kind: "job", id: value.id, expect: { is: "absent" }, value })));
  }
  const register = new JobRegister(context);
  const leftovers = new Leftovers(context);
  const removed: [string, number][] = [];
  /** When each of them went. */
  const moments: number[] = [];
  const retention = new Retention(context, register, leftovers, {
    limits: { ...UNLIMITED, ...limits },
    isNeeded,
    onRemoved(reason, bytes) {
      removed.push([reason, bytes]);
      moments.push(clock.now());
    },
  });
  const kept = async () => {
    const ids = [];
    for (const { id } of jobs) if (await store.jobs.get(id)) ids.push(id);
    return ids;
  };
  /** Until nothing more is to be removed. */
  const settle = async () => {
    while (await retention.step());
    return await kept();
  };
  return { store, clock, retention, leftovers, filesOf, errors, removed, moments, kept, settle };
}

/** A job that ended so many days ago, having printed so many bytes. */
function job(id: number, daysAgo: number, stdoutBytes = 0): Job {
  return { ...endedJob(id, {}, { ended: START - daysAgo * DAY }), stdoutBytes } as Job;
}

Deno.test("retention by age removes what ended before, whatever its id", async () => {
  const { settle, filesOf, removed } = await setUp({
    limits: { days: 10 },
    jobs: [job(1, 9), job(2, 11, 7), job(3, 10), job(4, 30)],
  });
  assert.deepEqual(await settle(), [1, 3]);
  assert.deepEqual([...filesOf], [1, 3]);
  assert.deepEqual(removed.toSorted(), [["days", 0], ["days", 7]]);
});

Deno.test("retention by count keeps those that ended last, and does not count what has not ended", async () => {
  const { settle } = await setUp({
    limits: { jobs: 2 },
    jobs: [job(1, 1), job(2, 4), job(3, 2), job(4, 3), queuedJob(5), runningJob(6)],
  });
  assert.deepEqual(await settle(), [1, 3, 5, 6]);
});

Deno.test("retention by bytes removes the oldest of those that keep any, until the rest fits", async () => {
  const { settle, removed, store } = await setUp({
    limits: { bytes: 100 },
    jobs: [job(1, 9), job(2, 8, 60), job(3, 7), job(4, 6, 50), job(5, 5, 40), job(6, 4, 11)],
  });
  assert.deepEqual(await settle(), [1, 3, 5, 6]);
  assert.deepEqual(removed, [["bytes", 60], ["bytes", 50]]);
  assert.equal(await store.jobs.outputBytes(), 51);
});

Deno.test("retention keeps jobs that somebody needs and jobs of workers that have not ended, and goes on behind them", async () => {
  const inWorker = { ...job(2, 49), workerId: "w" };
  const older = Array.from({ length: STEP + 5 }, (_, i) => job(100 + i, 60));
  const { settle, store, clock } = await setUp({
    limits: { jobs: 1 },
    jobs: [...older, job(1, 50), inWorker, job(3, 48), job(4, 47)],
    isNeeded: ({ id }) => id >= 100 || id === 1,
  });
  await commit(store, clock, [{
    kind: "worker",
    id: "w",
    expect: { is: "absent" },
    value: someWorker("w", "running"),
  }]);
  const held = older.map(({ id }) => id);
  assert.deepEqual(await settle(), [...held, 1, 2]);
  await commit(store, clock, [{
    kind: "worker",
    id: "w",
    expect: { is: "present" },
    value: someWorker("w", "completed", START),
  }]);
  assert.deepEqual(await settle(), [...held, 1]);
});

Deno.test("retention without limits arms no timer", async () => {
  const { retention, clock } = await setUp({ jobs: [job(1, 10_000)] });
  retention.open();
  assert.equal(clock.pending, 0);
  retention.close();
});

Deno.test("retention goes in bounded steps with pauses, then looks again as time goes by", async () => {
  const many = 5 * STEP;
  const jobs = [...Array.from({ length: many }, (_, i) => job(1 + i, 20)), job(many + 1, 9)];
  const { retention, leftovers, clock, kept, store, moments } = await setUp({ limits: { days: 10 }, jobs });
  retention.open();
  await eventually("only the young one is left", async () => {
    await clock.advance(10);
    return (await kept()).length === 1;
  });
  const steps = Object.values(Object.groupBy(moments, String)).map((group) => group!.length);
  assert.ok(Math.max(...steps) <= STEP, `jobs in each step: ${steps}`);
  assert.ok(steps.length >= many / STEP);
  await clock.advance(DAY + 2 * IDLE_MS);
  await eventually("that has become old too", async () => {
    await clock.advance(10);
    return (await kept()).length === 0;
  });
  retention.close();
  await clock.advance(2000);
  leftovers.close();
  assert.deepEqual(await store.jobs.leftovers(1000), []);
  assert.equal(clock.pending, 0);
});

Deno.test("retention that the disk refuses says so, and tries again", async () => {
  const { retention, leftovers, clock, errors, store, kept } = await setUp({
    limits: { days: 10 },
    jobs: [job(1, 20)],
  });
  store.fails = () => true;
  retention.open();
  await clock.advance(0);
  await eventually("it says so", () => errors.length === 1);
  store.fails = () => false;
  await eventually("it is gone", async () => {
    await clock.advance(IDLE_MS);
    return (await kept()).length === 0;
  });
  retention.close();
  leftovers.close();
});

Deno.test("files that a crash left behind are removed at the next start", async () => {
  const jobs = Array.from({ length: 200 }, (_, i) => job(i + 1, 1));
  const { store, clock, leftovers, filesOf } = await setUp({ jobs });
  for (const { id } of jobs.filter(({ id }) => id !== 7)) {
    await commit(store, clock, [{ kind: "job", id, expect: { is: "present" }, value: null }]);
  }
  assert.equal(filesOf.size, 200);
  leftovers.open();
  await eventually("all but one are gone", async () => {
    await clock.advance(1000);
    return filesOf.size === 1 && (await store.jobs.leftovers(1)).length === 0;
  });
  assert.ok(filesOf.has(7) && isEnded((await store.jobs.get(7))!.value));
  leftovers.close();
});
