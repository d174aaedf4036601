import assert from "node:assert/strict";
import built from "../../routes/assets/ui/built.json" with { type: "json" };
import { fillHistory } from "../../bench/lib/history.ts";
import { openStore } from "../../lib/store/open.ts";
import { openDashboard } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { remove, submit } from "../helpers/jobs.ts";
import { tempDir } from "../helpers/temp_dir.ts";

const JOBS = 100_000;

Deno.test("a hundred thousand jobs can be scrolled through, and only those on the screen are in the page", async () => {
  await using directory = await tempDir();
  const store = await openStore({ directory: directory.path });
  await fillHistory(store, JOBS);
  await store.close();
  await using on = await openDashboard({ data: directory.path, args: ["--keep-jobs", "none", "--keep-days", "none"] });
  const { page, service } = on;
  await page.goto(service.url);
  await page.locator(`#job-${JOBS}`).waitFor();
  const grid = page.locator("#job-grid");
  await eventually("the first job of all is reached", async () => {
    await grid.evaluate((element) => element.scrollTop = element.scrollHeight);
    return await page.locator("#job-1").count() === 1;
  }, 300_000);
  assert.equal(await grid.getAttribute("aria-rowcount"), String(JOBS + 1));
  assert.ok(await page.locator(".virtual .row").count() < 100);

  // In the middle nothing moves when something comes in at the top.
  await grid.evaluate((element) => element.scrollTop = 34 * 50_000);
  await page.locator("#job-50000").waitFor();
  const at = () => page.locator("#job-49990").evaluate((element) => element.getBoundingClientRect().top);
  const before = await at();
  const { job_id } = await submit(service, "sleep 600");
  await eventually(
    "the new one is in the list",
    async () => Number(await grid.getAttribute("aria-rowcount")) === JOBS + 2,
    60_000,
  );
  assert.equal(await at(), before);
  await grid.focus();
  await page.keyboard.press("Home");
  await page.locator(`#job-${job_id}.active`).waitFor();
  await page.keyboard.press("End");
  await page.locator("#job-1.active").waitFor();
  await remove(service, job_id);
  assert.deepEqual(on.complaints, []);
});

Deno.test("the first load of the dashboard is under 150 KB over the wire, the terminal and the charts apart", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const network = await on.chromium.context.newCDPSession(page);
  await network.send("Network.enable");
  const lengths = new Map<string, number>();
  const names = new Map<string, string>();
  network.on(
    "Network.requestWillBeSent",
    ({ requestId, request }) => names.set(requestId, new URL(request.url).pathname),
  );
  network.on(
    "Network.loadingFinished",
    ({ requestId, encodedDataLength }) => lengths.set(requestId, encodedDataLength),
  );
  await page.goto(service.url);
  await page.getByText("No jobs yet").waitFor();
  const asked = () => [...names].filter(([, name]) => /^\/($|-\/)/.test(name));
  const named = await page.locator("script[src], link[href]").evaluateAll((elements) =>
    elements.map((element) => new URL((element as HTMLScriptElement).src || (element as HTMLLinkElement).href).pathname)
  );
  await eventually("all that the document names, the icon included, is there", () => {
    const there = asked();
    const missing = ["/", ...named].filter((name) => !there.some(([, each]) => each === name));
    return missing.length === 0 && there.every(([id]) => lengths.has(id));
  }, 60_000);
  const total = asked().reduce((sum, [id]) => sum + lengths.get(id)!, 0);
  console.log(`The first load is ${total} bytes.`);
  assert.ok(total > 10_000 && total < 150_000, String(total));

  const loaded = new Set(asked().map(([, name]) => name.replace("/-/assets/", "")));
  const scripts = built.files.filter((file) => file.endsWith(".js"));
  const textOf = async (files: string[]) => {
    const texts = files.map(async (file) => await (await fetch(`${service.url}/-/assets/${file}`)).text());
    return (await Promise.all(texts)).join("\n");
  };
  const first = await textOf(scripts.filter((file) => loaded.has(file)));
  const later = await textOf(scripts.filter((file) => !loaded.has(file)));
  for (const mark of ["xterm-viewport", "u-legend"]) {
    assert.ok(!first.includes(mark), `${mark} is loaded at once`);
    assert.ok(later.includes(mark), `${mark} is loaded when it is needed`);
  }
});
