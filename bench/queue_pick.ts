/**
 * How long it takes to find the next jobs to start: `deno run -A bench/queue_pick.ts [ended] [queued]`. Beside a history of
 * so many jobs that have ended, and so many that cannot start for one reason, and for another, and so on.
 */

import type { Job, JobFacts, Queued } from "../lib/domain/job.ts";
import type { QueueRoom } from "../lib/services/ports/store.ts";
import { openStore } from "../lib/store/open.ts";
import { someEnd } from "../tests/helpers/some_end.ts";
import { printTable } from "./lib/table.ts";

const ended = Number(Deno.args[0] ?? 1_000_000);
const queued = Number(Deno.args[1] ?? 100_000);
const SLOTS = 4;
const ROUNDS = 301;
const OPEN: QueueRoom[] = [{ name: "open", most: Infinity }];

const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
const store = await openStore({ directory, keepChanges: 1 });
const rows: (string | number)[][] = [];

await add(SLOTS, (id) => ready(past(id), "open", 1));
await measure("nothing else");
await add(ended, past);
await measure(`${ended} jobs that have ended`);
await add(queued, (id) => ready(past(id), "paused", 9));
await measure(`and ${queued} in a paused queue, of higher priority`);
await add(queued, (id) => ({ ...ready(past(id), "open", 9), waits: { until: 9e12 + id } }));
await measure(`and ${queued} that wait for a time`);
await add(queued, (id) => ({ ...ready(past(id), "open", 9), waits: { for: [1] } }));
await measure(`and ${queued} that wait for one job`);
await add(queued, (id) => ready(past(id), "open", 0));
await measure(`and ${queued} behind them in their queue`);
await add(queued, (id) => ready(past(id), `q${id % 999}`, 0));
const many = Array.from({ length: 999 }, (_, i) => ({ name: `q${i}`, most: Infinity }));
await measure(`and ${queued} in 999 more queues`, [...OPEN, ...many]);
printTable(["beside 4 jobs that can start", "to find them, ms (median)", "times as long"], rows);
await store.close();
await Deno.remove(directory, { recursive: true });

async function measure(name: string, rooms = OPEN): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    const found = await store.jobs.queue(SLOTS, rooms);
    times.push(performance.now() - start);
    if (found.map(({ value }) => value.id).join() !== "1,2,3,4") throw new Error(`${name}: others were found`);
  }
  const median = times.sort((a, b) => a - b)[ROUNDS >> 1]!;
  const bare = rows[0]?.[1] ?? median;
  rows.push([name, median, median / Number(bare)]);
}

async function add(count: number, make: (id: number) => Job): Promise<void> {
  const after = await store.jobs.lastId();
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
    ...someEnd({ ended: id + 1 }),
    run: { started: id, pausedMs: 0 },
    resultDeleted: false,
  };
}

function ready({ id, spec, created, cookie }: Job, queue: string, priority: number): JobFacts & Queued {
  return { id, spec: { ...spec, queue, priority }, created, cookie, state: "queued" };
}
