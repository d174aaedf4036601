import { fold, words } from "../../lib/domain/text.ts";
import { durationOf, isEnded, type Job, queueOf } from "../../lib/domain/job.ts";
import type { JobQuery } from "../../lib/services/ports/store.ts";
import { apply, deepEqual, idsOf, ok, putJob, type Sentence } from "./harness.ts";
import { endedJob, NOW, queuedJob } from "./subjects.ts";

const JOBS = 9000;

/** Long enough that no filter here can be answered by looking at a few jobs only. */
export function aboutALongHistory(it: Sentence): void {
  it("lists of a long history are those that looking at every job would give", async ({ store }) => {
    const jobs = Array.from({ length: JOBS }, (_, i) => job(i + 1));
    for (let i = 0; i < jobs.length; i += 500) await apply(store, ...jobs.slice(i, i + 500).map(putJob));
    const outputs = new Map<number, string>();
    await Promise.all(
      jobs.filter(({ id }) => id % 3 === 0).map(({ id }) => {
        outputs.set(id, `вывод ${id % 2 ? "нечётный" : "чётный"} ${id % 1500 ? "" : "жемчуг"}`);
        return store.indexOutput(id, [outputs.get(id)!]);
      }),
    );
    const queries: Partial<JobQuery>[] = [
      {},
      { q: "copy" },
      { q: "copy архив" },
      { q: "co" },
      { q: "7 copy" },
      { q: "4321" },
      { q: "qz" },
      { states: ["succeeded"] },
      { states: ["succeeded", "queued"], q: "copy" },
      { labels: { half: "1" } },
      { labels: { half: "1" }, exitCode: 0 },
      { exitCode: 1, q: "архив" },
      { since: NOW + 2000, until: NOW + 6000, labels: { half: "0" } },
      { queue: "night" },
      { queue: "night", q: "архив", states: ["failed", "queued"] },
      { minDuration: 3 },
      { minDuration: 3, withResult: true, q: "АРХИВ" },
      { output: "вывод" },
      { output: "вывод ЧЁТНЫЙ" },
      { output: "нечётный", q: "copy", states: ["succeeded"] },
      { output: "жемчуг" },
      { output: "же" },
    ];
    for (const query of queries) {
      const matching = jobs.filter((job) => meets(job, outputs.get(job.id), query));
      for (const sort of ["created", "-created", "duration", "-duration", "ended", "-ended"] as const) {
        const said = JSON.stringify({ ...query, sort });
        const expected = matching.toSorted(by(sort)).map(({ id }) => id);
        deepEqual(await idsOf(store, { ...query, sort, limit: 1000 }), expected, said);
        const page = await store.jobs.list({ ...query, sort, limit: 7 });
        deepEqual(page.items.map(({ value }) => value.id), expected.slice(0, 7), said);
      }
    }
    ok(queries.length > 0);
  });
}

function job(id: number): Job {
  const spec = {
    command: `${id % 4 ? "copy" : "move"} ${id} ${id % 5 ? "Архив" : "прочее"}`,
    labels: { half: `${id % 2}` },
    ...(id % 3 === 0 && { queue: id % 900 ? "night" : "rare" }),
  };
  if (id % 10 === 0) return queuedJob(id, spec);
  return endedJob(id, spec, {
    duration: id % 7,
    ended: NOW + ((id * 7919) % 100_000),
    ...(id % 6 === 0 && { state: "failed" as const, exitCode: 1 }),
    resultDeleted: id % 11 === 0,
  });
}

function meets(job: Job, output: string | undefined, query: Partial<JobQuery>): boolean {
  const end = isEnded(job) ? job : undefined;
  const text = fold(`${job.spec.command} half:${job.spec.labels?.half} half=${job.spec.labels?.half}`);
  return words(query.q ?? "").every((word) => text.includes(word)) &&
    words(query.output ?? "").every((word) => fold(output ?? "").includes(word)) &&
    (query.states?.includes(job.state) ?? true) &&
    (query.queue === undefined || queueOf(job) === query.queue) &&
    (query.exitCode === undefined || end?.exitCode === query.exitCode) &&
    Object.entries(query.labels ?? {}).every(([key, value]) => job.spec.labels?.[key] === value) &&
    job.created >= (query.since ?? 0) && job.created < (query.until ?? Infinity) &&
    (query.minDuration === undefined || (end !== undefined && durationOf(end) >= query.minDuration)) &&
    (!query.withResult || (end !== undefined && !end.resultDeleted));
}

function by(sort: JobQuery["sort"]): (a: Job, b: Job) => number {
  const sign = sort.startsWith("-") ? -1 : 1;
  const key = (job: Job) => sort.endsWith("created") ? job.id : sort.endsWith("ended") ? ended(job) : duration(job);
  return (a, b) => {
    const [one, other] = [key(a), key(b)];
    if ((one === null) !== (other === null)) return one === null ? 1 : -1;
    return sign * (((one ?? 0) - (other ?? 0)) || (a.id - b.id));
  };
}

function ended(job: Job): number | null {
  return isEnded(job) ? job.ended : null;
}

function duration(job: Job): number | null {
  return isEnded(job) ? durationOf(job) : null;
}
