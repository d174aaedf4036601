import assert from "node:assert/strict";
import { nextFrame, openDashboard } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { remove, run, submit } from "../helpers/jobs.ts";
import type { Service } from "../helpers/service.ts";

/** Below 0.1 is held to be good; a page here has a hundredth of that, and a section that is pushed down far more. */
const MOST = 0.01;

type Measured = typeof globalThis & { shifted: number };

async function fill(service: Service): Promise<number> {
  for (let i = 0; i < 3; i++) await run(service, { command: `exit ${i}`, labels: { team: "ops" } });
  await service.call("PUT", "/foo?ttl=600", { body: "x" });
  await service.call("GET", "/new_job");
  return (await submit(service, `echo a; echo error >&2; sleep 600 # ${"a long command ".repeat(12)}`)).job_id;
}

Deno.test("nothing jumps while a page loads, from a telephone to a wide screen", async () => {
  await using on = await openDashboard({ args: ["--slots", "2"] });
  const { page, service } = on;
  const id = await fill(service);
  await page.addInitScript(() => {
    const measured = globalThis as Measured;
    measured.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) measured.shifted += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
    // A page shows its sections together, unless one of them is late: on a busy machine none is held to be.
    const later = globalThis.setTimeout;
    const patient = (work: () => void, ms = 0) => later(work, ms === 1500 ? 60_000 : ms);
    globalThis.setTimeout = patient as typeof setTimeout;
  });
  // What is fetched when it is needed comes when all else has been there for a frame, and takes the place kept for it.
  const below = page.locator("main h2").filter({ hasText: /^(Timeline|Errors)$/ });
  const top = () => below.evaluate((heading) => heading.getBoundingClientRect().top);
  let kept: number | undefined;
  let late = 0;
  await page.route(/\/-\/assets\/(log_view|\w+_charts)-/, async (route) => {
    await page.locator("main h1").first().waitFor();
    await nextFrame(page);
    kept ??= await top();
    await route.continue();
  });
  const held = service.call("GET", "/api/request?connId=19&timeout=600");
  const pages = {
    "/": "#job-1",
    [`/-/jobs/${id}`]: ".uplot",
    "/-/workers": ".workers li",
    "/-/requests": ".held li",
    "/-/keys?key=foo": ".key-editor",
    "/-/system": ".uplot",
  };
  for (const width of [375, 820, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    for (const [path, there] of Object.entries(pages)) {
      kept = undefined;
      await page.goto(service.url + path);
      await page.locator(there).first().waitFor();
      await page.locator(".connection.live").waitFor();
      await eventually(
        "all is loaded",
        () => page.evaluate(() => document.querySelector("[aria-busy=true]") === null),
        60_000,
      );
      // What is drawn now is measured with the next frame.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
      if (kept !== undefined) late++;
      if (kept !== undefined) {
        assert.ok(Math.abs(await top() - kept) < 1, `${path} at ${width}: from ${kept} to ${await top()}`);
      }
      const shifted = await page.evaluate(() => (globalThis as Measured).shifted);
      assert.ok(shifted < MOST, `${path} at ${width}: ${shifted}`);
    }
  }
  assert.equal(late, 6, "two pages have charts");
  await service.call("PUT", "/api/kill", { json: { connId: 19 } });
  await held;
  await remove(service, id);
});

Deno.test("the names of the pages stay where they are, whichever is the current one", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    const places: string[] = [];
    for (const path of ["/", "/-/workers", "/-/requests", "/-/keys", "/-/system"]) {
      await page.goto(service.url + path);
      await page.locator(".connection.live").waitFor();
      const edges = await page.locator(".top nav a").evaluateAll((all) =>
        all.map((each) => each.getBoundingClientRect().left)
      );
      places.push(edges.map((edge) => edge.toFixed(1)).join());
    }
    assert.equal(places[0]!.split(",").length, 5);
    assert.deepEqual(new Set(places).size, 1, `${width} pixels: ${places.join(" ")}`);
  }
});
