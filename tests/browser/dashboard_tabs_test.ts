import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { nextFrame, openDashboard, terminalText } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { control, remove, run, stdoutOf, submit, untilState } from "../helpers/jobs.ts";
import { linesShown, readThrough } from "../helpers/terminal_lines.ts";

/** As if somebody looked at another tab, or at this one again; a browser without a window shows all of them. */
async function look(page: Page, seen: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, !seen);
}

/** The streams of a page: how many are open, and how many there have been. */
function streamsOf(page: Page) {
  const open = new Set<unknown>();
  const streams = { open: () => open.size, ever: 0 };
  page.on("request", (request) => {
    if (!/\/api\/(keys\/)?events|\/output/.test(request.url())) return;
    open.add(request);
    streams.ever++;
  });
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  return streams;
}

Deno.test("a tab that nobody sees gives its connections back, and misses nothing when it is seen again", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const streams = streamsOf(page);
  const { job_id } = await submit(service, "i=0; while true; do i=$((i+1)); echo line $i; sleep 0.05; done");
  await page.goto(`${service.url}/-/jobs/${job_id}`);
  await eventually("it prints", async () => /line 5$/m.test(await terminalText(page)), 60_000);
  await eventually("two streams", () => Promise.resolve(streams.open() === 2), 60_000);
  await look(page, false);
  await eventually("both streams are closed", () => Promise.resolve(streams.open() === 0), 60_000);
  assert.equal(await page.locator(".connection").innerText(), "live");
  await control(service, job_id, "paused");
  await untilState(service, job_id, "paused");
  await nextFrame(page);
  assert.equal(streams.ever, 2, "none is opened again while nobody looks");
  await look(page, true);
  await page.locator(".job-head .state-paused").waitFor();
  const last = Number((await stdoutOf(service, job_id)).trim().split(" ").at(-1));
  await control(service, job_id, "running");
  await eventually("it goes on", async () => Math.max(...await linesShown(page)) > last + 5, 60_000);
  await control(service, job_id, "terminated");
  await page.locator(".job-head .state-terminated").waitFor();
  await readThrough(page, last + 5);
  await remove(service, job_id);
  assert.deepEqual(on.complaints, []);
});

Deno.test("eight tabs of one server work, though a browser has six connections for them", async () => {
  await using on = await openDashboard();
  const { chromium, service } = on;
  const pages: Page[] = [on.page];
  for (let i = 0; i < 8; i++) {
    const page = pages[i] ??= await chromium.context.newPage();
    await page.goto(service.url);
    await page.getByText("No jobs yet").waitFor();
    await look(page, false);
  }
  const last = pages.at(-1)!;
  await look(last, true);
  await run(service, { command: "true", name: "seen by all" });
  await last.getByRole("link", { name: "seen by all" }).waitFor();
  await look(pages[0]!, true);
  await pages[0]!.getByRole("link", { name: "seen by all" }).waitFor();
  assert.deepEqual(on.complaints, []);
});
