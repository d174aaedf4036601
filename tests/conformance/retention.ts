import { type EndedJob, type Job } from "../../lib/domain/job.ts";
import { addJobs, apply, deepEqual, equal, putJob, type Sentence } from "./harness.ts";
import { endedJob, NOW, queuedJob, runningJob } from "./subjects.ts";

function printed(id: number, ended: number, stdoutBytes: number, stderrBytes = 0, stdin?: string): EndedJob {
  return { ...endedJob(id, stdin ? { stdin } : {}, { ended }), stdoutBytes, stderrBytes } as EndedJob;
}

/** What lets go of old jobs, and of their files. */
export function aboutRetention(it: Sentence): void {
  it("the oldest jobs are those that ended first, page by page, with or without output", async ({ store }) => {
    await addJobs(
      store,
      printed(1, NOW + 3, 0),
      printed(2, NOW + 1, 5),
      printed(3, NOW + 3, 7),
      printed(4, NOW + 2, 0),
      queuedJob(5),
      runningJob(6),
    );
    const ids = async (query: Parameters<typeof store.jobs.oldest>[0]) =>
      (await store.jobs.oldest(query)).map(({ value }) => value.id);
    deepEqual(await ids({ limit: 10 }), [2, 4, 1, 3]);
    deepEqual(await ids({ limit: 2 }), [2, 4]);
    deepEqual(await ids({ limit: 10, after: { ended: NOW + 2, id: 4 } }), [1, 3]);
    deepEqual(await ids({ limit: 10, after: { ended: NOW + 3, id: 1 } }), [3]);
    deepEqual(await ids({ limit: 10, withOutput: true }), [2, 3]);
    deepEqual(await ids({ limit: 10, withOutput: true, after: { ended: NOW + 1, id: 2 } }), [3]);
  });

  it("the bytes that ended jobs keep are added up through every change, and over a restart", async (bench) => {
    const { store } = bench;
    equal(await store.jobs.outputBytes(), 0);
    await addJobs(store, queuedJob(1, { stdin: "three" }), printed(2, NOW, 10, 5, "юг"));
    equal(await store.jobs.outputBytes(), 19);
    await apply(store, putJob({ ...printed(1, NOW, 100, 0, "three") }));
    equal(await store.jobs.outputBytes(), 124);
    await apply(store, putJob({ ...printed(2, NOW, 10, 5, "юг"), resultDeleted: true }));
    equal(await store.jobs.outputBytes(), 105);
    const again = await bench.reopen();
    equal(await again.jobs.outputBytes(), 105);
    await apply(again, { kind: "job", id: 1, expect: { is: "any" }, value: null });
    await apply(again, { kind: "job", id: 2, expect: { is: "any" }, value: null });
    equal(await again.jobs.outputBytes(), 0);
  });

  it("a job that goes, or its result, is among the leftovers until that is called done, over a restart too", async (bench) => {
    const { store } = bench;
    await addJobs(store, endedJob(1), endedJob(2), endedJob(3), runningJob(4), queuedJob(5));
    deepEqual(await store.jobs.leftovers(10), []);
    const gone = (id: number) => apply(store, { kind: "job", id, expect: { is: "any" }, value: null });
    await gone(1);
    await apply(store, putJob({ ...endedJob(2), resultDeleted: true } as Job));
    await gone(4);
    deepEqual((await store.jobs.leftovers(10)).toSorted(), [1, 2, 4]);
    equal((await store.jobs.leftovers(2)).length, 2);
    await store.forgetLeftovers([2]);
    const again = await bench.reopen();
    deepEqual((await again.jobs.leftovers(10)).toSorted(), [1, 4]);
    await again.forgetLeftovers([1, 4, 99]);
    deepEqual(await again.jobs.leftovers(10), []);
  });
}
