/** A history of jobs that have ended, as long as one likes, for measuring what its length costs. */

import type { Job } from "../../lib/domain/job.ts";
import type { Store } from "../../lib/services/ports/store.ts";

/** Jobs in one commit. */
const GROUP = 1000;
/** Every so manyeth job has printed something. */
const PRINTED = 25;

/** Adds jobs until there are `jobs`; what is there already stays. Answers how many were added. */
export async function fillHistory(store: Store, jobs: number): Promise<number> {
  const there = await store.jobs.lastId();
  for (let from = there + 1; from <= jobs; from += GROUP) {
    const added = Array.from({ length: Math.min(GROUP, jobs - from + 1) }, (_, i) => endedJob(from + i));
    await addJobs(store, added);
    const printed = added.filter(({ id }) => id % PRINTED === 0);
    await Promise.all(printed.map(({ id }) => store.indexOutput(id, [printedBy(id)])));
  }
  return Math.max(0, jobs - there);
}

export async function addJobs(store: Store, jobs: Job[]): Promise<void> {
  const answer = await store.commit({
    id: crypto.randomUUID(),
    at: Date.now(),
    changes: jobs.map((value) => ({ kind: "job", id: value.id, expect: { is: "absent" }, value })),
  });
  if (answer.outcome !== "committed") throw new Error(JSON.stringify(answer));
}

/** The beginning of the nth day of the history; milliseconds since the epoch. */
export function day(n: number): number {
  return Date.UTC(2024, 0, 1) + n * 86_400_000;
}

/** About 10,000 jobs a day. */
export function endedJob(id: number): Job {
  const created = day(0) + id * 8640;
  return {
    id,
    spec: {
      command: `${id % 3 ? "backup" : "restore"} --from /данные/${id % 7 ? "архив" : "черновик"}/${id} host${
        id % 50_000
      }x:`,
      labels: {
        env: id % 4 ? "prod" : "dev",
        team: id % 9 ? "red" : "blue",
        ...(id % 100 === 0 && { ticket: `T-${id / 100}` }),
      },
      grace: 5,
      priority: 0,
    },
    created,
    cookie: `cookie-${id}`,
    state: id % 20 ? "succeeded" : "failed",
    run: { started: created, pausedMs: 0 },
    ended: created + ((id * 7919) % 100_000),
    exitCode: id % 20 ? 0 : id % 20_000 ? 1 : 77,
    signal: null,
    error: null,
    survivors: [],
    cpu: null,
    stdoutBytes: id % PRINTED ? 0 : printedBy(id).length,
    stderrBytes: 0,
    resultDeleted: false,
  };
}

function printedBy(id: number): string {
  return `${id} files sent, ${id % 1000} skipped\ntransfer of host${id % 50_000}x ${
    id % 40 ? "complete" : "cut short"
  }\n`;
}
