/**
 * How long pages of a long history take: `deno run -A bench/store_lists.ts [jobs] [directory]`.
 * With a directory the history is kept there and used again.
 */

import type { Job } from "../lib/domain/job.ts";
import type { JobQuery, Store } from "../lib/services/ports/store.ts";
import { openStore } from "../lib/store/open.ts";

const jobs = Number(Deno.args[0] ?? 100_000);
const directory = Deno.args[1] ?? await Deno.makeTempDir({ prefix: "stint-bench-" });
const store = await openStore({ directory });

const began = performance.now();
const there = await store.jobs.lastId();
for (let id = there + 1; id <= jobs; id += 1000) await add(store, id, Math.min(jobs, id + 999));
const seconds = (performance.now() - began) / 1000;
if (jobs > there) console.log(`${jobs - there} jobs added in ${seconds.toFixed(1)} s`);

const queries: Record<string, Partial<JobQuery>> = {
  "newest": {},
  "one state": { states: ["failed"] },
  "two states": { states: ["failed", "queued"] },
  "exit code, rare": { exitCode: 77 },
  "label, common": { labels: { env: "prod" } },
  "label, rare": { labels: { ticket: "T-4242" } },
  "two labels": { labels: { env: "prod", team: "red" } },
  "a day long ago": { since: day(10), until: day(11) },
  "longest": { sort: "-duration" },
  "latest end, failed": { sort: "-ended", states: ["failed"] },
  "word, common": { q: "backup" },
  "words, common": { q: "backup архив" },
  "word, rare": { q: "host4242x" },
  "word, none": { q: "nothinglikeit" },
  "two letters, common": { q: "ba" },
  "two letters, none": { q: "ъъ" },
  "word, longest first": { q: "backup", sort: "-duration" },
  "word and state": { q: "архив", states: ["failed"] },
};
for (const [name, query] of Object.entries(queries)) {
  const times: number[] = [];
  let items = 0;
  for (let i = 0; i < 11; i++) {
    const start = performance.now();
    items = (await store.jobs.list({ sort: "-created", limit: 100, ...query })).items.length;
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(22)} ${times[5]!.toFixed(1).padStart(8)} ms median  ${String(items).padStart(4)} jobs`);
}

const single: number[] = [];
const last = await store.jobs.lastId();
for (let i = 1; i <= 500; i++) {
  const start = performance.now();
  await add(store, last + i, last + i);
  single.push(performance.now() - start);
}
console.log(`submit                 ${single.sort((a, b) => a - b)[250]!.toFixed(2).padStart(8)} ms median`);
await store.close();
if (!Deno.args[1]) await Deno.remove(directory, { recursive: true });

async function add(store: Store, from: number, to: number): Promise<void> {
  const added = Array.from({ length: to - from + 1 }, (_, i) => jobOf(from + i));
  const answer = await store.commit({
    id: `add ${from} ${crypto.randomUUID()}`,
    at: Date.now(),
    changes: added.map((value) => ({ kind: "job", id: value.id, expect: { is: "absent" }, value })),
  });
  if (answer.outcome !== "committed") throw new Error(JSON.stringify(answer));
}

function day(n: number): number {
  return Date.UTC(2024, 0, 1) + n * 86_400_000;
}

/** About 10,000 jobs a day. */
function jobOf(id: number): Job {
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
    stdoutBytes: 0,
    stderrBytes: 0,
    resultDeleted: false,
  };
}
