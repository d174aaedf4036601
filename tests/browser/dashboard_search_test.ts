import assert from "node:assert/strict";
import type { Request } from "playwright-core";
import { nextFrame, openDashboard } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { control, jobOf, remove, run, submit, untilState } from "../helpers/jobs.ts";

Deno.test("an answer that comes late does not take the place of a later one, and no change is lost while one is on its way", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  await run(service, { command: "true", name: "alpha" });
  const { job_id } = await submit(service, { command: "sleep 600", name: "alphabet" });
  await page.goto(service.url);
  await page.locator("#job-2").waitFor();
  const { promise: later, resolve: goOn } = Promise.withResolvers<void>();
  const first = /\/api\/jobs\?q=alph?&/;
  let asked = 0;
  let over = 0;
  const count = (request: Request) => first.test(request.url()) && over++;
  page.on("requestfinished", count);
  page.on("requestfailed", count);
  await page.route(first, async (route) => {
    asked++;
    const answer = await route.fetch();
    await later;
    // Whoever asked may have gone.
    await route.fulfill({ response: answer }).catch(() => undefined);
  });
  const search = page.getByLabel("Search", { exact: true });
  await search.fill("alp");
  await eventually("it is asked for", () => Promise.resolve(asked === 1), 60_000);
  await search.fill("alphabet");
  await page.locator("#job-1").waitFor({ state: "detached" });
  goOn();
  await eventually("the page has the late answer, or had given it up", () => Promise.resolve(over === asked), 60_000);
  await nextFrame(page);
  await page.unroute(first);
  await page.locator("#job-2").waitFor();
  assert.equal(await page.locator(".virtual .row").count(), 1);

  // What changes after the server has answered, and before the page has the answer.
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  await page.route(/\/api\/jobs\?q=bet&/, async (route) => {
    const response = await route.fetch();
    await service.call("PATCH", `/api/jobs/${job_id}`, { json: { state: "paused" } });
    await held;
    await route.fulfill({ response });
  });
  await search.fill("bet");
  await page.locator("#job-2 .state-paused").waitFor();
  letGo();
  await page.waitForURL((url) => url.searchParams.get("q") === "bet");
  await eventually(
    "the answer is there",
    () => page.evaluate(() => document.querySelector("#job-grid")!.getAttribute("aria-busy") === "false"),
    60_000,
  );
  await page.locator("#job-2 .state-paused").waitFor();
  await remove(service, job_id);
  assert.deepEqual(on.complaints, []);
});

Deno.test("the way back leads through filters, and every order is live", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const short = await run(service, { command: "sleep 1", name: "short" });
  const { job_id } = await submit(service, { command: "sleep 600", name: "long" });
  await page.goto(service.url);
  await page.locator("#job-2").waitFor();
  await page.getByRole("button", { name: "running" }).click();
  await page.locator("#job-1").waitFor({ state: "detached" });
  await page.getByLabel("Search", { exact: true }).fill("long");
  await page.waitForURL((url) => url.search === "?q=long&state=running");
  await page.goBack();
  await page.locator("#job-1").waitFor();
  assert.equal(new URL(page.url()).search, "");
  assert.equal(await page.getByLabel("Search", { exact: true }).inputValue(), "");

  const order = async () => (await page.locator(".virtual .row .name").allTextContents()).join();
  await page.getByLabel("Order").selectOption("-duration");
  await eventually("the longest first", async () => await order() === "short,long", 60_000);
  await eventually("it is the longer one", async () => {
    const { started } = await jobOf(service, job_id);
    return Date.now() - Date.parse(started!) > short.duration * 1000;
  }, 60_000);
  await control(service, job_id, "terminated");
  await untilState(service, job_id, "terminated");
  await eventually("one that ends goes where it belongs", async () => await order() === "long,short", 60_000);
  await submit(service, { command: "true", name: "new" });
  await eventually("and so does a new one", async () => await order() === "long,short,new", 60_000);
  await remove(service, job_id);
  assert.deepEqual(on.complaints, []);
});
