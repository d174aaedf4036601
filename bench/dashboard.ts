/**
 * Frames a second of the dashboard: while a list of 100,000 jobs is scrolled through, while a job's output comes in at 5 MB
 * a second, and while both happen at once. `deno task bench dashboard`; needs Chromium. It draws without a graphics card,
 * so a processor that is busy elsewhere costs frames. `BENCH_SECONDS` (5) for each.
 */

import type { Page } from "playwright-core";
import { openStore } from "../lib/store/open.ts";
import { startChromium } from "../tests/helpers/chromium.ts";
import { eventually } from "../tests/helpers/eventually.ts";
import { remove, submit, untilState } from "../tests/helpers/jobs.ts";
import { startService } from "../tests/helpers/service.ts";
import { aim } from "./lib/aims.ts";
import { fillHistory } from "./lib/history.ts";
import { printTable } from "./lib/table.ts";

const JOBS = Number(Deno.args[0] ?? 100_000);
const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 5);
/** What is printed at once, and how long is waited after it: 5 MB a second. */
const PRINTING =
  "while true; do yes 'a line of output that is as long as lines of output are' | head -c 250000; sleep 0.05; done";

interface Frames {
  /** A second. */
  rate: number;
  /** The 99th percentile from one to the next, in milliseconds. */
  slow: number;
  /** Bytes a second that were shown. */
  bytes?: number;
}

const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
const store = await openStore({ directory });
await fillHistory(store, JOBS);
await store.close();
const service = await startService({ data: directory, args: ["--keep-jobs", "none", "--keep-days", "none"] });
const chromium = await startChromium();
try {
  const list = chromium.context.pages()[0]!;
  await list.setViewportSize({ width: 1440, height: 900 });
  await list.goto(service.url);
  await loadAll(list);
  const scrolling = await frames(list, true);
  const { job_id } = await submit(service, { command: PRINTING, max_output: 4e9 });
  await untilState(service, job_id, "running");
  const output = await chromium.context.newPage();
  await output.setViewportSize({ width: 1440, height: 900 });
  await output.goto(`${service.url}/-/jobs/${job_id}`);
  await output.getByText("following").waitFor();
  const printing = await printed(job_id, () => frames(output, false));
  const [both, beside] = await Promise.all([frames(list, true), printed(job_id, () => frames(output, false))]);
  await remove(service, job_id);
  const row = (
    what: string,
    { rate, slow, bytes }: Frames,
  ) => [what, rate.toFixed(1), slow.toFixed(0), bytes === undefined ? "" : (bytes / 1e6).toFixed(1)];
  printTable(["", "frames a second", "99 % of frames within, ms", "output, MB/s"], [
    row(`scrolling through ${JOBS} jobs`, scrolling),
    row("output coming in", printing),
    row("scrolling while output comes in in another tab", both),
    row("that other tab", beside),
  ]);
  aim(`frames a second while ${JOBS} jobs scroll`, scrolling.rate, { atLeast: 50 });
  aim("frames a second while 5 MB/s of output come in", printing.rate, { atLeast: 30 });
} finally {
  await chromium[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
  await Deno.remove(directory, { recursive: true });
}

/** Scrolls to the end until there is no more. */
async function loadAll(page: Page): Promise<void> {
  await page.locator(`#job-${JOBS}`).waitFor();
  await eventually("all jobs are loaded", async () => {
    await page.locator("#job-grid").evaluate((element) => element.scrollTop = element.scrollHeight);
    return await page.locator("#job-1").count() === 1;
  }, 300_000);
}

/** Counts what is drawn for some seconds; `scroll`: and scrolls on by three rows with each frame, up and down. */
async function frames(page: Page, scroll: boolean): Promise<Frames> {
  const times = await page.evaluate(([seconds, moves]) =>
    new Promise<number[]>((resolve) => {
      const grid = document.getElementById("job-grid");
      const times: number[] = [];
      let step = -100;
      const draw = (now: number) => {
        times.push(now);
        if (moves && grid) {
          const next = grid.scrollTop + step;
          if (next < 0 || next > grid.scrollHeight - grid.clientHeight) step = -step;
          grid.scrollTop += step;
        }
        if (now - times[0]! > seconds * 1000) resolve(times);
        else requestAnimationFrame(draw);
      };
      requestAnimationFrame(draw);
    }), [SECONDS, scroll] as const);
  const gaps = times.slice(1).map((time, i) => time - times[i]!).sort((a, b) => a - b);
  const all = times.at(-1)! - times[0]!;
  return { rate: gaps.length / all * 1000, slow: gaps[Math.floor(gaps.length * 0.99)]! };
}

/** Also how much the job printed meanwhile, which the page has kept up with. */
async function printed(id: number, work: () => Promise<Frames>): Promise<Frames> {
  const size = async () => Number((await service.call("HEAD", `/api/jobs/${id}/stdout`)).headers.get("content-length"));
  const [before, began] = [await size(), performance.now()];
  const found = await work();
  return { ...found, bytes: (await size() - before) / (performance.now() - began) * 1000 };
}
