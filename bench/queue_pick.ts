/**
 * How long it takes to find the next jobs to start: `deno run -A bench/queue_pick.ts [ended] [queued]`. With a history of
 * that many jobs that have ended, beside that many which cannot start for one reason or another, against none of either.
 */

import type { Job } from "../lib/domain/job.ts";
import type { QueueRoom, Store } from "../lib/services/ports/store.ts";
import { openStore } from "../lib/store/open.ts";
import { printTable } from "./lib/table.ts";

const ended = Number(Deno.args[0] ?? 100_000);
const queued = Number(Deno.args[1] ?? 100_000);
const SLOTS = 4;
const ROUNDS = 301;
const OPEN: QueueRoom[] = [{ name: "open", most: Infinity }];

const rows: (string | number)[][] = [];
const bare = await measure("none of either", 0, () => Promise.resolve(), OPEN);
await measure(`${ended} ended`, ended, () => Promise.resolve(), OPEN);
await measure(
  `and ${queued} ready in the same queue`,
  ended,
  (store) => fill(store, (job) => ready(job, "open")),
  OPEN,
);
await measure(`and ${queued} in a paused queue, of higher priority`, ended, (store) => {
  return fill(store, (job) => ready({ ...job, spec: { ...job.spec, priority: 9 } }, "paused"));
}, OPEN);
await measure(`and ${queued} that wait for a time`, ended, (store) => {
  return fill(store, (job) => ({ ...ready(job, "open"), waits: { until: 9e12 + job.id } } as Job));
}, OPEN);
await measure(`and ${queued} that wait for one job`, ended, (store) => {
  return fill(store, (job) => ({ ...ready(job, "open"), waits: { for: [1] } } as Job));
}, OPEN);
const many = Array.from({ length: 1000 }, (_, i) => ({ name: `q${i}`, most: Infinity }));
await measure(
  `and ${queued} in 1000 queues`,
  ended,
  (store) => fill(store, (job) => ready(job, `q${job.id % 1000}`)),
  [...OPEN, ...many],
);
printTable(["beside 4 jobs that can start", "next 4 jobs, ms (median)", "times as long"], rows);

async function measure(
  name: string,
  history: number,
  prepare: (store: Store) => Promise<void>,
  rooms: QueueRoom[],
): Promise<number> {
  const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
  const store = await openStore({ directory, keepChanges: 1 });
  await add(store, history, (id) => past(id));
  await prepare(store);
  const first = await store.jobs.lastId();
  await add(store, SLOTS, (id) => ready(past(id), "open"), first);
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    const found = await store.jobs.queue(SLOTS, rooms);
    times.push(performance.now() - start);
    if (found.length !== SLOTS) throw new Error(`${name}: ${found.length} jobs were found`);
  }
  await store.close();
  await Deno.remove(directory, { recursive: true });
  const median = times.sort((a, b) => a - b)[ROUNDS >> 1]!;
  rows.push([name, median, median / (rows.length > 0 ? bare : median)]);
  return median;
}

async function fill(store: Store, make: (job: Job) => Job): Promise<void> {
  await add(store, queued, (id) => make(past(id)), await store.jobs.lastId());
}

async function add(store: Store, count: number, make: (id: number) => Job, after = 0): Promise<void> {
  for (let from = after + 1; from <= after + count; from += 1000) {
    const ids = Array.from({ length: Math.min(1000, after + count - from + 1) }, (_, i) => from + i);
    const answer = await store.commit({
      id: crypto.randomUUID(),
      at: from,
      changes: ids.map((id) => ({ kind: "job", id, expect: { is: "absent" }, value: make(id) })),
    });
    if (answer.outcome !== "committed") throw new Error(JSON.stringify(answer));
  }
}

function past(id: number): Job {
  return {
    id,
    spec: { command: `echo ${id}`, grace: 5, priority: 0 },
    created: id,
    cookie: `${id}`,
    state: "succeeded",
    run: { started: id, pausedMs: 0 },
    ended: id + 1,
    exitCode: 0,
    signal: null,
    error: null,
    survivors: [],
    cpu: null,
    stdoutBytes: 0,
    stderrBytes: 0,
    resultDeleted: false,
  };
}

function ready({ id, spec, created, cookie }: Job, queue: string): Job {
  return { id, spec: { ...spec, queue }, created, cookie, state: "queued" };
}
