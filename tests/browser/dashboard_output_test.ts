import assert from "node:assert/strict";
import { openDashboard, terminalText } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { remove, resultOf, run, submit } from "../helpers/jobs.ts";
import { linesShown, readThrough } from "../helpers/terminal_lines.ts";

Deno.test("output of a gigabyte is opened at its end at once, and read backwards piece by piece", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  // A sparse file's worth of lines would have no lines: numbers, as long as they need be.
  const { job_id } = await submit(service, {
    command:
      "yes 'a line of sixty-four characters, so that a gigabyte is quick…' | head -c 1000000000; echo; seq 100000 | tail -n 50000; echo THE END",
    max_output: 2_000_000_000,
  });
  await resultOf(service, job_id);
  let read = 0;
  page.on("response", (response) => {
    if (/\/std(out|err)$/.test(response.url()) && response.request().method() === "GET") {
      read += Number(response.headers()["content-length"] ?? 0);
    }
  });
  await page.goto(`${service.url}/-/jobs/${job_id}`);
  await eventually("the end is shown", async () => /THE END/.test(await terminalText(page)), 60_000);
  assert.ok(read < 1_000_000, `${read} bytes were read to show the end`);
  const numbers = async () => (await terminalText(page)).split("\n").filter((line) => /^\d+$/.test(line)).map(Number);
  const top = Math.min(...await numbers());
  await page.locator(".log-screen").hover();
  await eventually("earlier pieces come", async () => {
    const { x, y } = (await page.locator(".xterm .scrollbar.vertical .slider").boundingBox())!;
    await page.mouse.move(x + 5, y + 5);
    await page.mouse.down();
    await page.mouse.move(x + 5, 0, { steps: 3 });
    await page.mouse.up();
    return Math.min(...await numbers()) < 51_000 || /sixty-four/.test(await terminalText(page));
  }, 120_000);
  assert.ok(top > 99_000);
  assert.ok(read < 20_000_000, `${read} bytes`);
  // What is not loaded is found all the same, nine hundred megabytes before.
  await page.getByRole("button", { name: "End" }).click();
  await eventually("the end again", async () => /THE END/.test(await terminalText(page)), 60_000);
  await page.getByLabel("Find in what is loaded").fill("SIXTY-four");
  await page.getByRole("button", { name: "Find earlier" }).click();
  await eventually("found", async () => /sixty-four/.test(await terminalText(page)), 60_000);
  await page.getByRole("button", { name: "Start" }).click();
  await eventually("the beginning", async () => /^a line of sixty-four/.test(await terminalText(page)), 60_000);
  await page.getByRole("button", { name: "End" }).click();
  await eventually("and the end again", async () => /THE END/.test(await terminalText(page)), 60_000);
  assert.deepEqual(on.complaints, []);
});

Deno.test("no line is left out where pieces meet, read forwards or backwards, while more is printed", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const { job_id } = await submit(
    service,
    "seq 40000; i=40000; while [ $i -lt 400000 ]; do i=$((i+1)); echo $i; sleep 0.01; done",
  );
  const numbers = async () => (await terminalText(page)).split("\n").filter((line) => /^\d+$/.test(line)).map(Number);
  /** Whether the lines on the screen follow upon each other, with this one among them. */
  const meets = async (line: number) => {
    const shown = await numbers();
    assert.deepEqual(shown, shown.map((_, i) => shown[0]! + i), "a line is missing or twice there");
    return shown.includes(line) && shown.includes(line + 1);
  };
  const find = page.getByLabel("Find in what is loaded");
  await page.goto(`${service.url}/-/jobs/${job_id}`);
  await eventually("the end", async () => Math.max(...await numbers()) > 40_050, 60_000);
  await page.getByRole("button", { name: "Start" }).click();
  await eventually("the beginning", () => meets(1), 60_000);
  await find.fill("7999");
  await eventually("the next piece follows", async () => {
    await find.fill("8001");
    return await meets(8000);
  }, 60_000);

  await page.getByRole("button", { name: "End" }).click();
  await eventually("the end", async () => Math.max(...await numbers()) > 40_050, 60_000);
  const { x, y } = (await page.locator(".xterm .scrollbar.vertical .slider").boundingBox())!;
  await page.mouse.move(x + 5, y + 5);
  await page.mouse.down();
  await page.mouse.move(x + 5, 0, { steps: 3 });
  await page.mouse.up();
  await eventually("the piece before, and what was printed meanwhile once", async () => {
    await find.fill("30001");
    return await meets(30_000);
  }, 60_000);
  await remove(service, job_id);
  assert.deepEqual(on.complaints, []);
});

Deno.test("colours, carriage returns and both outputs are shown as a terminal shows them, errors are found", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const { result_id } = await run(
    service,
    "printf '10%%\\r50%%\\r100%% done\\n'; for i in $(seq 200); do echo fine $i; done; echo 'fatal: it broke'; echo beside >&2; sleep 0.3; " +
      "for i in $(seq 200); do printf '\\033[38;2;200;0;100mafter %d\\033[0m\\n' $i; done",
  );
  await page.goto(`${service.url}/-/jobs/${result_id}`);
  await eventually("the end", async () => /^after 200$/m.test(await terminalText(page)), 60_000);
  assert.doesNotMatch(await terminalText(page), /fatal/);
  const colour = (text: string) =>
    page.locator(".xterm-rows span", { hasText: text }).last().evaluate((span) => getComputedStyle(span).color);
  assert.notEqual(
    await colour("after 200"),
    await page.locator(".xterm-rows").evaluate((e) => getComputedStyle(e).color),
  );
  await page.getByRole("button", { name: "Last error" }).click();
  await eventually("the error is on the screen", async () => /fatal: it broke/.test(await terminalText(page)), 60_000);
  await page.getByLabel("Find in what is loaded").fill("100% done");
  await eventually("found", async () => /^100% done/m.test(await terminalText(page)), 60_000);
  assert.doesNotMatch(await terminalText(page), /10%|50%/);
  await page.getByRole("button", { name: "stderr" }).click();
  await eventually(
    "stderr alone",
    async () => await terminalText(page).then((text) => text.trim()) === "beside",
    60_000,
  );
  assert.deepEqual(on.complaints, []);
});

Deno.test("over a restart of the server the page says so, comes back and misses no line", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const { job_id } = await submit(
    service,
    "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); echo line $i; sleep 0.05; done",
  );
  await page.goto(`${service.url}/-/jobs/${job_id}`);
  await eventually("it prints", async () => /line 5$/m.test(await terminalText(page)), 60_000);
  const { port } = service;
  await service.stop();
  await page.locator(".connection.lost").waitFor();
  await page.getByText("server away, reconnecting").first().waitFor();
  await service.start(["--port", String(port)]);
  await page.locator(".connection.live").waitFor();
  const back = (await (await fetch(`${service.url}/api/jobs/${job_id}/stdout?tail=1`)).text()).trim();
  const last = Number(back.slice(5));
  await eventually("what was printed meanwhile and later is there", async () => {
    return Math.max(...await linesShown(page)) > last + 20;
  }, 60_000);
  await page.getByRole("button", { name: "Kill" }).click();
  await page.locator(".job-head .state-terminated").waitFor();
  // The whole, over the place where it broke.
  await readThrough(page, last + 20);
  await remove(service, job_id);
  await page.getByText("was removed from the history").waitFor();
  assert.deepEqual(on.complaints, []);
});
