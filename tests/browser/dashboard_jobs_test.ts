import assert from "node:assert/strict";
import { openDashboard, terminalText } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { remove, run, submit, untilState } from "../helpers/jobs.ts";

Deno.test("a job is submitted in the dashboard, seen as it prints, paused, resumed and killed", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  await page.goto(service.url);
  await page.getByRole("button", { name: "New job" }).click();
  const command = "i=0; while true; do i=$((i+1)); printf '\\033[32mстрока\\033[0m %d 🎉\\n' $i; sleep 0.1; done";
  await page.getByLabel("Command", { exact: true }).fill(command);
  await page.getByLabel("Name").fill("Живой вывод");
  await page.getByLabel("Labels").fill("team:ops");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("link", { name: "Живой вывод" }).click();
  await eventually("its output is there", async () => /строка 3 🎉/.test(await terminalText(page)), 60_000);
  const before = await terminalText(page);
  await eventually("and goes on", async () => await terminalText(page) !== before, 60_000);

  await page.getByRole("button", { name: "Pause" }).click();
  await page.locator(".job-head .state-paused").waitFor();
  await untilState(service, 1, "paused");
  await page.getByRole("button", { name: "Resume" }).click();
  await page.locator(".job-head .state-running").waitFor();
  await page.getByRole("button", { name: "Kill" }).click();
  await page.locator(".job-head .state-terminated").waitFor();
  await untilState(service, 1, "terminated");
  assert.deepEqual(on.complaints, []);

  // The next one is chosen from those that were submitted before.
  await page.getByRole("link", { name: "Jobs" }).click();
  await page.keyboard.press("n");
  await page.getByLabel("Recent commands").selectOption(command);
  assert.equal(await page.getByLabel("Command", { exact: true }).inputValue(), command);
});

Deno.test("the list of jobs follows what happens, and what is searched for stands in the address", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  await page.goto(service.url);
  await page.getByText("No jobs yet").waitFor();
  await run(service, { command: "echo needle-in-output", name: "Ночная сборка", labels: { team: "ops" } });
  await run(service, "exit 3");
  const rows = page.locator(".virtual .row");
  await page.locator(".virtual .row .state-failed").waitFor();
  assert.equal(await rows.count(), 2);

  await page.getByLabel("Search", { exact: true }).fill("НОЧНАЯ label:team:ops");
  await eventually("one is left", async () => await rows.count() === 1, 60_000);
  await page.waitForURL((url) =>
    url.searchParams.get("q") === "НОЧНАЯ" && url.searchParams.get("label") === "team:ops"
  );
  await page.reload();
  await eventually("the same after a reload", async () => await rows.count() === 1, 60_000);
  assert.equal(await page.getByLabel("Search", { exact: true }).inputValue(), "НОЧНАЯ label:team:ops");

  await page.getByLabel("Search in").selectOption("output");
  await page.getByLabel("Search", { exact: true }).fill("needle-in");
  await page.waitForURL((url) => url.searchParams.get("output") === "needle-in");
  await eventually(
    "the one that printed it",
    async () => (await rows.allTextContents()).join().includes("сборка"),
    60_000,
  );
  assert.equal(await rows.count(), 1);
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("button", { name: "failed" }).click();
  await eventually("those that failed", async () => (await rows.allTextContents()).join().includes("exit 3"), 60_000);
  assert.equal(await rows.count(), 1);
  assert.equal(new URL(page.url()).search, "?state=failed");
  assert.deepEqual(on.complaints, []);
});

Deno.test("several jobs are selected and ended together; a queued one is edited, an ended one run again", async () => {
  await using on = await openDashboard({ args: ["--slots", "1"] });
  const { page, service } = on;
  const first = await submit(service, "sleep 600");
  const second = await submit(service, "sleep 601");
  await submit(service, "sleep 602");
  await page.goto(service.url);
  await page.locator(`#job-${second.job_id}`).hover();
  await page.getByRole("button", { name: `Edit job ${second.job_id}` }).click();
  await page.getByLabel("Name").fill("renamed");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "renamed" }).waitFor();

  for (const id of [1, 2, 3]) await page.getByLabel(`Select job ${id}`).check();
  await page.getByRole("region", { name: "Selected jobs" }).getByRole("button", { name: "Kill" }).click();
  await eventually(
    "all are terminated",
    async () => await page.locator(".virtual .state-terminated").count() === 3,
    60_000,
  );
  await page.locator(`#job-${first.job_id}`).hover();
  await page.getByRole("button", { name: `Run again: job ${first.job_id}` }).click();
  await untilState(service, 4, "running");
  await page.locator("#job-4 .state-running").waitFor();
  await remove(service, 4);
  await page.locator("#job-4").waitFor({ state: "detached" });
  assert.deepEqual(on.complaints, []);
});

Deno.test("everything about jobs can be done by keyboard alone", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const { job_id } = await submit(service, "sleep 600");
  await run(service, "true");
  await page.goto(service.url);
  await page.locator("#job-2").waitFor();
  const key = (name: string) => page.keyboard.press(name);
  await key("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await key("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await key("n");
  await page.keyboard.type("echo typed");
  await key("Control+Enter");
  await page.locator("#job-3").waitFor();
  // The list may hear of the job before the form has its answer, and keys are the form's until then.
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await key("/");
  await page.keyboard.type("sleep");
  await page.locator("#job-3").waitFor({ state: "detached" });
  await key("Enter");
  await key("ArrowDown");
  await page.locator(`#job-${job_id}.active`).waitFor();
  await key("p");
  await untilState(service, job_id, "paused");
  await page.locator(`#job-${job_id} .state-paused`).waitFor();
  await key("p");
  await page.locator(`#job-${job_id} .state-running`).waitFor();
  await key("Space");
  await page.getByText("1 selected").waitFor();
  await key("x");
  await untilState(service, job_id, "terminated");
  await page.locator(`#job-${job_id} .state-terminated`).waitFor();
  await key("Enter");
  await page.waitForURL(`**/-/jobs/${job_id}`);
  assert.deepEqual(on.complaints, []);
});
