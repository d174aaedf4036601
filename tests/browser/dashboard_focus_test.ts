import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { openDashboard } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { remove, submit } from "../helpers/jobs.ts";

/** What has the keyboard, by its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { id, textContent, ariaLabel } = document.activeElement as HTMLElement;
    return ariaLabel || id || textContent!.trim();
  });

/** Whether anything has the keyboard. */
const hasIt = (page: Page) => page.evaluate(() => document.activeElement !== document.body);

Deno.test("the keyboard keeps its place when what had it goes away by what it did", async () => {
  await using on = await openDashboard({ args: ["--slots", "2"] });
  const { page, service } = on;
  const { job_id } = await submit(service, "sleep 600");
  await page.goto(`${service.url}/-/jobs/${job_id}`);
  await page.getByRole("button", { name: "Pause" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".job-head .state-paused").waitFor();
  await eventually("what took its place has it", async () => await focused(page) === "Resume", 60_000);
  await page.keyboard.press("Enter");
  await eventually("and the other way round", async () => await focused(page) === "Pause", 60_000);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
  assert.equal(outline, "solid", "and one sees where it is");

  // Of a list only what is on the screen exists, so the list itself takes it over, and its keys work.
  await page.goto(`${service.url}/?state=running`);
  await page.getByRole("button", { name: "Pause: job 1" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("#job-1").waitFor({ state: "detached" });
  await eventually("the list has it", async () => await focused(page) === "Jobs", 60_000);

  for (const name of ["a.txt", "b.txt"]) {
    const id = (await service.call("GET", "/new_job")).json<Record<string, string>>()["worker-id"];
    await service.call("POST", `/upload/new/${id}?name=${name}`, { body: "x" });
  }
  await page.goto(`${service.url}/-/workers`);
  await page.getByRole("button", { name: "Remove b.txt" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Download b.txt" }).waitFor({ state: "detached" });
  await eventually("the next row has it", async () => /a\.txt$/.test(await focused(page)), 60_000);
  await page.getByRole("button", { name: "Remove a.txt" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Nothing was uploaded yet").waitFor();
  await eventually("something has it", () => hasIt(page), 60_000);
  await remove(service, job_id);
  assert.deepEqual(on.complaints, []);
});

Deno.test("keys work from the first moment, leave buttons what they are for, and go on where they were", async () => {
  await using on = await openDashboard({ args: ["--slots", "5"] });
  const { page, service } = on;
  for (let i = 1; i <= 5; i++) await submit(service, { command: "sleep 600", name: `job ${i}` });
  await page.goto(service.url);
  await page.locator("#job-5").waitFor();
  await page.keyboard.press("j");
  await page.locator("#job-5.active").waitFor();
  await page.getByRole("button", { name: "Pause: job 2" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("#job-2 .state-paused").waitFor();
  assert.equal(new URL(page.url()).pathname, "/", "the button was pressed, no job was opened");

  // The active row leaves the list: the next key goes on from its place, with rows before it and after it.
  await page.goto(`${service.url}/?state=running`);
  await page.locator("#job-5").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.locator("#job-4.active").waitFor();
  await page.keyboard.press("x");
  await page.locator("#job-4").waitFor({ state: "detached" });
  await page.keyboard.press("ArrowDown");
  await page.locator("#job-3.active").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.locator("#job-1.active").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/-/jobs/1");
  await page.goBack();
  await page.locator("#job-1.active").waitFor();

  // A button that can be pressed only once gives it away.
  await page.getByRole("button", { name: "Clear" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("#job-4").waitFor();
  assert.ok(await page.getByRole("button", { name: "Clear" }).isDisabled());
  await eventually("something else has it", () => hasIt(page), 60_000);
  await page.locator("#job-grid").focus();
  await page.keyboard.press("Control+a");
  await page.getByText("5 selected").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText(/\d selected/).waitFor({ state: "detached" });
  await page.getByLabel("Select job 4").click();
  await page.getByLabel("Select job 2").click({ modifiers: ["Shift"] });
  await page.getByText("3 selected").waitFor();
  // One of them goes before it is its turn, and is named.
  await page.route(
    "**/api/jobs/2",
    (route) =>
      route.fulfill({
        status: 409,
        contentType: "application/problem+json",
        body: '{"code":"x","detail":"Not this one."}',
      }),
  );
  await page.getByRole("region", { name: "Selected jobs" }).getByRole("button", { name: "Kill" }).click();
  await page.getByText("Kill failed for 1 of 2. job 2: Not this one.").waitFor();
  await page.getByText("Kill: 1 job. It makes no sense for one of those selected.").waitFor();
  await page.getByText("1 selected").waitFor();
  await remove(service, 1, 2, 3, 4, 5);
  assert.deepEqual(on.complaints, []);
});
