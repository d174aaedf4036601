import assert from "node:assert/strict";
import { barriers } from "../helpers/axe.ts";
import { openDashboard, terminalText } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { remove, run, submit } from "../helpers/jobs.ts";

for (const theme of ["light", "dark"] as const) {
  Deno.test(`axe finds nothing serious on any page of the ${theme} dashboard, narrow or wide`, async () => {
    await using on = await openDashboard({ theme });
    const { page, service } = on;
    await run(service, { command: "exit 3", name: "failed one", labels: { team: "ops" } });
    const { job_id } = await submit(service, "echo out; printf '\\033[33mwarn\\033[0m\\n'; echo err >&2; sleep 600");
    await service.call("PUT", "/foo", { body: "x" });
    await service.call("GET", "/new_job");
    const upload = `${service.files}/a.txt`;
    await Deno.writeTextFile(upload, "x");
    const held = service.call("GET", "/api/request?connId=19&timeout=600");
    const pages: [string, () => Promise<unknown>][] = [
      ["/", () => page.locator("#job-1").waitFor()],
      [`/-/jobs/${job_id}`, () => eventually("output", async () => /err/.test(await terminalText(page)), 60_000)],
      ["/-/workers", () => page.getByText("expires in").waitFor()],
      ["/-/requests", () => page.getByRole("progressbar").waitFor()],
      ["/-/keys?key=foo", () => page.getByText("version").waitFor()],
      ["/-/system", () => page.getByText("putKey foo").waitFor()],
    ];
    for (const width of theme === "light" ? [1440, 390] : [1440]) {
      await page.setViewportSize({ width, height: 844 });
      for (const [path, ready] of pages) {
        await page.goto(service.url + path);
        await ready();
        assert.deepEqual(await barriers(page), [], `${path} at ${width}`);
      }
      await page.goto(service.url);
      await page.locator("#job-1").waitFor();
      await page.keyboard.press("n");
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await barriers(page), [], `the form at ${width}`);
    }
    await service.call("PUT", "/api/kill", { json: { connId: 19 } });
    await held;
    await remove(service, job_id);
    assert.deepEqual(on.complaints, []);
  });
}

Deno.test("at 390 pixels no page is wider than the screen", async () => {
  await using on = await openDashboard({ width: 390, height: 844 });
  const { page, service } = on;
  await run(service, { command: `echo ${"x".repeat(300)}`, name: "y".repeat(200), labels: { team: "z".repeat(60) } });
  const key = "k".repeat(200);
  await service.call("PUT", `/${key}`, { body: "v".repeat(500) });
  const worker = (await service.call("GET", "/new_job")).json<Record<string, string>>()["worker-id"];
  await service.call("POST", `/upload/new/${worker}?name=${"f".repeat(150)}`, { body: "x" });
  const held = service.call("GET", "/api/request?connId=19&timeout=600");
  const pages = {
    "/": "#job-1",
    "/-/jobs/1": ".uplot",
    "/-/workers": "a[download]",
    "/-/requests": ".held li",
    [`/-/keys?key=${key}`]: ".key-editor",
    "/-/system": ".entries li",
  };
  for (const [path, there] of Object.entries(pages)) {
    await page.goto(service.url + path);
    await page.locator(there).first().waitFor();
    await eventually("all is loaded", async () => await page.locator("[aria-busy=true]").count() === 0, 60_000);
    // Also what is cut off, or could be pushed aside: only tables and code may be.
    const wider = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll("main, .page, .grid-scroll")]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ localName, className, scrollWidth }) => `${localName}.${className} needs ${scrollWidth}`)
    );
    assert.deepEqual(wider, [], path);
  }
  await service.call("PUT", "/api/kill", { json: { connId: 19 } });
  await held;
  assert.deepEqual(on.complaints, []);
});

Deno.test("at 390 pixels every button of a queue and a file is in sight, however long their names are", async () => {
  await using on = await openDashboard({ width: 390, height: 844 });
  const { page, service } = on;
  await service.call("PUT", `/api/queues/${"q".repeat(64)}`, { json: {} });
  const { "worker-id": id } = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>();
  const name = `${"очень-длинное-имя-".repeat(5)}.bin`;
  await service.call("POST", `/upload/new/${id}?name=${encodeURIComponent(name)}`, { body: "x".repeat(50_000) });
  await page.goto(`${service.url}/-/workers`);
  for (const label of [`Pause queue ${"q".repeat(64)}`, `Download ${name}`, `Remove ${name}`]) {
    const button = page.getByLabel(label, { exact: true });
    await button.waitFor();
    const { left, right } = await button.evaluate((element) => element.getBoundingClientRect().toJSON());
    assert.ok(left >= 0 && right <= 390, `${label}: from ${left} to ${right}`);
  }
});
