/**
 * How long pages of a long history take: `deno run -A bench/store_lists.ts [jobs] [directory]`.
 * With a directory the history is kept there and used again.
 */

import type { JobQuery } from "../lib/services/ports/store.ts";
import { openStore } from "../lib/store/open.ts";
import { addJobs, day, endedJob, fillHistory } from "./lib/history.ts";
import { printTable } from "./lib/table.ts";

const jobs = Number(Deno.args[0] ?? 100_000);
const directory = Deno.args[1] ?? await Deno.makeTempDir({ prefix: "stint-bench-" });
const store = await openStore({ directory });

const began = performance.now();
const added = await fillHistory(store, jobs);
if (added > 0) console.log(`${added} jobs added in ${((performance.now() - began) / 1000).toFixed(1)} s`);

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
  "output, common": { output: "complete" },
  "output, two words": { output: "transfer short" },
  "output, rare": { output: "host4250x" },
  "output, two letters, none": { output: "ъъ" },
};
const rows: (string | number)[][] = [];
for (const [name, query] of Object.entries(queries)) {
  const times: number[] = [];
  let items = 0;
  for (let i = 0; i < 11; i++) {
    const start = performance.now();
    items = (await store.jobs.list({ sort: "-created", limit: 100, ...query })).items.length;
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  rows.push([name, items, times[5]!]);
}

const single: number[] = [];
const last = await store.jobs.lastId();
for (let i = 1; i <= 500; i++) {
  const start = performance.now();
  await addJobs(store, [endedJob(last + i)]);
  single.push(performance.now() - start);
}
rows.push(["one more job, on disk", 1, single.sort((a, b) => a - b)[250]!]);
printTable([`pages of ${jobs.toLocaleString("en")} jobs, from the store`, "jobs", "median ms"], rows);
await store.close();
if (!Deno.args[1]) await Deno.remove(directory, { recursive: true });
