import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { openDashboard, terminalText } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { remove, run, submit } from "../helpers/jobs.ts";

/** As if somebody looked at another tab, or at this one again; a browser without a window shows all of them. */
async function look(page: Page, seen: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, !seen);
}

/** How many streams a page has open. */
function streamsOf(page: Page): () => number {
  const open = new Set<unknown>();
  const isStream = (url: string) => /\/api\/(keys\/)?events|\/output/.test(url);
  page.on("request", (request) => isStream(request.url()) && open.add(request));
  page.on("requestfinished", (request) => open.delete(request));
  page.on("requestfailed", (request) => open.delete(request));
  return () => open.size;
}

Deno.test("a tab that nobody sees gives its connections back, and misses nothing when it is seen again", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const streams = streamsOf(page);
  const { job_id } = await submit(service, "i=0; while true; do i=$((i+1)); echo line $i; sleep 0.05; done");
  await page.goto(`${service.url}/-/jobs/${job_id}`);
  await eventually("it prints", async () => /line 5$/m.test(await terminalText(page)), 60_000);
  assert.equal(streams(), 2);
  await look(page, false);
  await eventually("both streams are closed", () => Promise.resolve(streams() === 0), 60_000);
  assert.equal(await page.locator(".connection").innerText(), "live");
  const before = await terminalText(page);
  await service.call("PATCH", `/api/jobs/${job_id}`, { json: { state: "paused" } });
  await look(page, true);
  await page.locator(".job-head .state-paused").waitFor();
  await service.call("PATCH", `/api/jobs/${job_id}`, { json: { state: "running" } });
  await eventually("it goes on", async () => await terminalText(page) !== before, 60_000);
  const lines = [...(await terminalText(page)).matchAll(/^line (\d+)$/gm)].map(([, n]) => Number(n));
  assert.deepEqual(lines, lines.map((_, i) => lines[0]! + i), "a line is missing or twice there");
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
