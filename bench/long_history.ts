/**
 * What a long history costs over HTTP: pages of it beside those of a short one, and submitting beside the same, in turns.
 * `deno run -A bench/long_history.ts [jobs] [directory]`; with a directory the history is kept there and used again.
 */

import { openStore } from "../lib/store/open.ts";
import { type Service, startService } from "../tests/helpers/service.ts";
import { aim } from "./lib/aims.ts";
import { fillHistory } from "./lib/history.ts";
import { httpRequest, load } from "./lib/load.ts";
import { printTable } from "./lib/table.ts";

const jobs = Number(Deno.args[0] ?? 1_000_000);
const directory = Deno.args[1] ?? await Deno.makeTempDir({ prefix: "stint-bench-" });
/** Jobs in the history to compare with. */
const SHORT = 1000;
const PAGES = 51;
const ROUNDS = 8;
const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 2);

const shortDirectory = await Deno.makeTempDir({ prefix: "stint-bench-" });
for (const [place, count] of [[directory, jobs], [shortDirectory, SHORT]] as const) {
  const store = await openStore({ directory: place });
  await fillHistory(store, count);
  await store.close();
}
// What was just written is on its way to the disk; nothing below is to wait for that.
await new Deno.Command("sync").output();

const JOB = JSON.stringify({ command: "true", name: "nightly", labels: { env: "prod", team: "red" } });
const submission = httpRequest("POST", "/api/jobs", JOB, ["Content-Type: application/json"]);

const PATHS: Record<string, string> = {
  "newest page": "",
  "newest page, 1,000 jobs": "limit=1000",
  "one state": "state=failed",
  "a label": "label=env:prod",
  "one state and a label": "state=failed&label=team:blue",
  "exit code, rare": "exit_code=77",
  "a day long ago": "since=2024-01-11T00:00:00Z&until=2024-01-12T00:00:00Z",
  "longest first": "sort=-duration",
  "longest first, one state": "sort=-duration&state=failed",
  "latest end, one state": "sort=-ended&state=failed",
  "text, one word": "q=backup",
  "text, two words": "q=backup+архив",
  "text, a rare word": "q=host4242x",
  "text, no such word": "q=nothinglikeit",
  "text and state": "q=архив&state=failed",
  "text, longest first": "q=backup&sort=-duration",
  "two letters, common": "q=ba",
  "two letters, nowhere": "q=ъъ",
  "output, one word": "output=complete",
  "output, two words": "output=transfer+short",
  "output, a rare word": "output=host4250x",
};

// One slot, which a job that sleeps has: what is submitted stays in the queue, so that only submitting is measured.
const args = ["--slots", "1", "--keep-days", "none", "--keep-jobs", "none"];
const long = await startService({ data: directory, args });
const short = await startService({ data: shortDirectory, args });
try {
  const pages: (string | number)[][] = [];
  for (const [name, query] of Object.entries(PATHS)) pages.push([name, ...await pageTimes(query)]);
  const title = `pages of ${jobs.toLocaleString("en")} jobs, over HTTP`;
  printTable([title, "jobs", "median ms", "least ms", "p95 ms", `median ms of ${SHORT.toLocaleString("en")}`], pages);
  console.log();
  const blockers = await Promise.all([long, short].map(block));
  const submits: (string | number)[][] = [];
  for (const connections of [1, 8]) submits.push(...await submitting(connections));
  printTable(["submitting", "jobs/s", "ratio", "p50 ms", "p99 ms"], submits);
  const history = `${jobs.toLocaleString("en")} jobs`;
  for (const name of ["newest page", "one state", "text, one word"]) {
    aim(`${history}: ${name}, median`, Number(pages.find(([each]) => each === name)![2]), { atMost: 15 }, "ms");
  }
  aim(`${history}: submitting beside an empty history, 8 clients`, Number(submits.at(-1)![2]), { atLeast: 0.9 });
  await cleanUp(long, blockers[0]!);
  await cleanUp(short, blockers[1]!);
} finally {
  await Promise.all([long, short].map((service) => service[Symbol.asyncDispose]()));
  await Deno.remove(shortDirectory, { recursive: true });
  if (!Deno.args[1]) await Deno.remove(directory, { recursive: true });
}

/** How many jobs a page of the long history has, and how long it takes, in turns with the same page of the short one. */
async function pageTimes(query: string): Promise<number[]> {
  const times = new Map<Service, number[]>([[long, []], [short, []]]);
  let items = 0;
  for (let i = 0; i < PAGES; i++) {
    for (const [service, taken] of times) {
      const begin = performance.now();
      const answer = await service.call("GET", `/api/jobs?${encodeURI(query)}`);
      taken.push(performance.now() - begin);
      if (answer.status !== 200) throw new Error(answer.text);
      if (service === long) items = answer.json<{ jobs: unknown[] }>().jobs.length;
    }
  }
  const sorted = times.get(long)!.toSorted((a, b) => a - b);
  return [items, median(sorted), sorted[0]!, sorted[Math.floor(PAGES * 0.95)]!, median(times.get(short)!)];
}

/** Takes the slot, and answers with the id of the job that has it. */
async function block(service: Service): Promise<number> {
  const answer = await service.call("POST", "/api/jobs", { json: { command: "exec sleep 100000", grace: 0 } });
  return answer.json<{ job_id: number }>().job_id;
}

/** Rounds take turns, so that what else the machine does hits both. */
async function submitting(connections: number): Promise<(string | number)[][]> {
  const results = new Map<Service, { rates: number[]; p50: number[]; p99: number[] }>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const service of round % 2 ? [short, long] : [long, short]) {
      const { perSecond, p50, p99, statuses } = await load({
        port: service.port,
        connections,
        seconds: SECONDS,
        request: () => submission,
      });
      if ([...statuses.keys()].some((status) => status !== 202)) throw new Error(JSON.stringify([...statuses]));
      const result = results.get(service) ?? { rates: [], p50: [], p99: [] };
      results.set(service, result);
      result.rates.push(perSecond);
      result.p50.push(p50);
      result.p99.push(p99);
    }
  }
  const [yardstick, ours] = [results.get(short)!, results.get(long)!];
  const row = (name: string, result: typeof ours, ratio: number) => [
    `${connections === 1 ? "one client" : `${connections} clients`}, ${name}`,
    median(result.rates),
    ratio,
    median(result.p50),
    median(result.p99),
  ];
  const ratio = median(ours.rates) / median(yardstick.rates);
  return [row("short history", yardstick, 1), row("long history", ours, ratio)];
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Leaves a history that is kept as it was. */
async function cleanUp(service: Service, blocker: number): Promise<void> {
  if (Deno.args[1] && service === long) {
    for (;;) {
      const { jobs } = (await service.call("GET", "/api/jobs?state=queued&limit=1000"))
        .json<{ jobs: { job_id: number }[] }>();
      if (jobs.length === 0) break;
      await Promise.all(jobs.map(({ job_id }) => service.call("DELETE", `/api/jobs/${job_id}`)));
    }
  }
  await service.call("DELETE", `/api/jobs/${blocker}?terminate=true`);
}
