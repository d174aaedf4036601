import { rejects } from "node:assert/strict";
import type { JobQuery, JobSort } from "../../lib/services/ports/store.ts";
import { addJobs, apply, deepEqual, equal, idsOf, type Sentence } from "./harness.ts";
import { endedJob, NOW, queuedJob, runningJob } from "./subjects.ts";

export function aboutJobLists(it: Sentence): void {
  it("every sort orders by its key, then by id, with what has not ended last", async ({ store }) => {
    await addJobs(
      store,
      endedJob(1, {}, { duration: 3, ended: NOW + 50_000 }),
      queuedJob(2),
      endedJob(3, {}, { duration: 1, ended: NOW + 40_000 }),
      endedJob(4, {}, { duration: 3, ended: NOW + 60_000 }),
      runningJob(5),
      endedJob(6, {}, { duration: 2, ended: NOW + 40_000 }),
    );
    const expected: Record<JobSort, number[]> = {
      "created": [1, 2, 3, 4, 5, 6],
      "-created": [6, 5, 4, 3, 2, 1],
      "duration": [3, 6, 1, 4, 2, 5],
      "-duration": [4, 1, 6, 3, 5, 2],
      "ended": [3, 6, 1, 4, 2, 5],
      "-ended": [4, 1, 6, 3, 5, 2],
    };
    for (const [sort, ids] of Object.entries(expected) as [JobSort, number[]][]) {
      for (const limit of [1, 2, 3, 4, 5, 6, 7]) {
        deepEqual(await idsOf(store, { sort, limit }), ids, `${sort} by ${limit}`);
      }
    }
  });

  it("what somebody may see is part of every list, whatever else is asked for", async ({ store }) => {
    const [web, api] = [{ labels: { team: "web" } }, { labels: { team: "api" } }];
    await addJobs(
      store,
      endedJob(1, { ...web, queue: "a", command: "make one" }),
      endedJob(2, { ...api, queue: "a", command: "make two" }),
      endedJob(3, { ...web, queue: "b", command: "make three" }),
      endedJob(4, { ...web, command: "make four" }),
      queuedJob(5, { ...web, queue: "b", command: "make five" }),
    );
    const within = { queues: ["a", "b"], labels: { team: "web" } };
    const cases: [Partial<JobQuery>, number[]][] = [
      [{ within }, [5, 3, 1]],
      [{ within: { queues: ["b"] } }, [5, 3]],
      [{ within: { labels: { team: "web" } } }, [5, 4, 3, 1]],
      [{ within: { queues: ["default"] } }, [4]],
      [{ within, queue: "b" }, [5, 3]],
      [{ within, queue: "default" }, []],
      [{ within, labels: { team: "api" } }, []],
      [{ within, q: "make" }, [5, 3, 1]],
      [{ within, q: "two" }, []],
      [{ within, withResult: true }, [3, 1]],
      [{ within, sort: "-ended" }, [3, 1, 5]],
    ];
    for (const [query, ids] of cases) {
      for (const limit of [1, 2, 10]) deepEqual(await idsOf(store, { ...query, limit }), ids, JSON.stringify(query));
    }
  });

  it("each filter keeps what it names, alone and together with others", async ({ store }) => {
    await addJobs(
      store,
      endedJob(1, { labels: { env: "prod", team: "a" } }, { exitCode: 0, duration: 10 }),
      endedJob(2, { labels: { env: "prod" } }, { state: "failed", exitCode: 2, duration: 20 }),
      endedJob(3, { labels: { env: "dev" } }, { state: "failed", exitCode: 137, duration: 0.5 }),
      queuedJob(4, { labels: { env: "prod", team: "a" } }),
      runningJob(5),
      endedJob(6, {}, { resultDeleted: true, duration: 30 }),
      endedJob(7, {}, { state: "lost", exitCode: null, duration: 5 }),
    );
    const cases: [Partial<JobQuery>, number[]][] = [
      [{}, [7, 6, 5, 4, 3, 2, 1]],
      [{ states: ["failed"] }, [3, 2]],
      [{ states: ["failed", "queued", "running"] }, [5, 4, 3, 2]],
      [{ exitCode: 0 }, [6, 1]],
      [{ exitCode: 137 }, [3]],
      [{ exitCode: 1 }, []],
      [{ labels: { env: "prod" } }, [4, 2, 1]],
      [{ labels: { env: "prod", team: "a" } }, [4, 1]],
      [{ labels: { env: "a" } }, []],
      [{ since: NOW + 3 }, [7, 6, 5, 4, 3]],
      [{ until: NOW + 3 }, [2, 1]],
      [{ since: NOW + 2, until: NOW + 5 }, [4, 3, 2]],
      [{ since: NOW + 100 }, []],
      [{ until: NOW }, []],
      [{ minDuration: 10 }, [6, 2, 1]],
      [{ minDuration: 10.5 }, [6, 2]],
      [{ withResult: true }, [7, 3, 2, 1]],
      [{ states: ["failed"], labels: { env: "prod" }, minDuration: 1, withResult: true }, [2]],
      [{ states: ["queued"], withResult: true }, []],
    ];
    for (const [query, ids] of cases) {
      for (const limit of [1, 2, 100]) deepEqual(await idsOf(store, { ...query, limit }), ids, JSON.stringify(query));
      const bySort = await idsOf(store, { ...query, sort: "duration", limit: 2 });
      deepEqual(bySort.toSorted((a, b) => b - a), ids, `by duration: ${JSON.stringify(query)}`);
    }
  });

  it("times are told apart by the clock even after it was set back", async ({ store }) => {
    await addJobs(
      store,
      queuedJob(1, {}, NOW + 1000),
      queuedJob(2, {}, NOW),
      queuedJob(3, {}, NOW + 10),
      queuedJob(4, {}, NOW + 2000),
    );
    deepEqual(await idsOf(store, { since: NOW, until: NOW + 11 }), [3, 2]);
    deepEqual(await idsOf(store, { since: NOW + 500 }), [4, 1]);
    deepEqual(await idsOf(store, { until: NOW + 500 }), [3, 2]);
    deepEqual(await idsOf(store, { until: NOW + 1001 }), [3, 2, 1]);
  });

  it("jobs that come or go between pages neither repeat nor hide others", async ({ store }) => {
    await addJobs(store, ...Array.from({ length: 20 }, (_, i) => endedJob(i + 1, {}, { duration: i % 5 })));
    for (const sort of ["-created", "duration", "-ended"] as const) {
      const before = await idsOf(store, { sort });
      const first = await store.jobs.list({ sort, limit: 7 });
      const last = await store.jobs.lastId();
      await addJobs(store, endedJob(last + 1, {}, { duration: 0, ended: NOW }), queuedJob(last + 2));
      await apply(store, { kind: "job", id: first.items[0]!.value.id, expect: { is: "any" }, value: null });
      const rest: number[] = [];
      for (let cursor = first.next; cursor !== undefined;) {
        const page = await store.jobs.list({ sort, limit: 7, cursor });
        rest.push(...page.items.map(({ value }) => value.id));
        cursor = page.next;
      }
      const old = rest.filter((id) => id <= last);
      deepEqual([...first.items.map(({ value }) => value.id), ...old], before, sort);
    }
  });

  it("a list says up to which version it is", async ({ store }) => {
    await addJobs(store, queuedJob(1));
    equal((await store.jobs.list({ sort: "created", limit: 1 })).upTo, store.version());
  });

  it("a cursor is refused by a list with another sort or other filters", async ({ store }) => {
    await addJobs(store, queuedJob(1), queuedJob(2));
    const { next } = await store.jobs.list({ sort: "-created", limit: 1 });
    const refused = { name: "Problem", code: "invalid_request" };
    await rejects(store.jobs.list({ sort: "created", limit: 1, cursor: next! }), refused);
    await rejects(store.jobs.list({ sort: "-created", limit: 1, states: ["queued"], cursor: next! }), refused);
    for (const cursor of ["", "x", "привет", "W10", btoa('["x",1,2,3]')]) {
      await rejects(store.jobs.list({ sort: "-created", limit: 1, cursor }), refused);
    }
    equal((await store.jobs.list({ sort: "-created", limit: 5, cursor: next! })).items[0]?.value.id, 1);
  });
}
