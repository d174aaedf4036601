import assert from "node:assert/strict";
import { createToken, revokeToken } from "../../lib/tokens/admin.ts";
import { TokenFile } from "../../lib/tokens/token_file.ts";
import { nextFrame, openDashboard } from "../helpers/dashboard.ts";
import { remove, submit } from "../helpers/jobs.ts";

Deno.test("what is typed into a form stays while the server restarts, and when the form is closed by the way", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  await page.goto(service.url);
  await page.getByText("No jobs yet").waitFor();
  await page.keyboard.press("n");
  const command = page.locator("textarea[name=command]");
  await command.fill("echo half of it");
  await page.getByLabel("Labels").fill("team:ops");

  // Pulling over the text with the mouse ends beside the window.
  const box = (await command.boundingBox())!;
  await page.mouse.move(box.x + 40, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(5, 5);
  await page.mouse.up();
  await nextFrame(page);
  assert.ok(await page.getByRole("dialog").isVisible(), "that is no click beside it");
  assert.equal(await command.inputValue(), "echo half of it");
  await page.mouse.click(5, 5);
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("n");
  assert.equal(await command.inputValue(), "echo half of it");

  const { port } = service;
  await service.stop();
  await page.locator(".connection.lost").waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("alert").getByText("does not answer. Try again").waitFor();
  await service.start(["--port", String(port)]);
  await page.locator(".connection.live").waitFor();
  assert.equal(await page.getByLabel("Labels").inputValue(), "team:ops");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator("#job-1 .state-succeeded").waitFor();
  await page.keyboard.press("n");
  assert.equal(await command.inputValue(), "", "what was submitted is no draft any more");
  assert.deepEqual(on.complaints, []);
});

Deno.test("a page that is opened while the server is away is there when the server is", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const { job_id } = await submit(service, "echo there; sleep 600");
  await page.goto(service.url);
  await page.locator(`#job-${job_id}`).waitFor();
  const { port } = service;
  await service.stop();
  await page.locator(".connection.lost").waitFor();
  await page.getByRole("button", { name: "failed" }).click();
  await page.getByRole("alert").getByText("does not answer").waitFor();
  await page.goBack();
  await page.locator(`#job-${job_id} a`).click();
  await page.getByRole("alert").getByText("does not answer").waitFor();
  await service.start(["--port", String(port)]);
  await page.locator(".job-head .state-running").waitFor();
  await page.getByText("following").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await page.goBack();
  await page.locator(`#job-${job_id}`).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);

  // A list that could not be read is read without anybody's doing.
  await service.stop();
  await page.locator(".connection.lost").waitFor();
  await page.getByRole("button", { name: "failed" }).click();
  await page.getByRole("alert").getByText("does not answer").waitFor();
  await service.start(["--port", String(port)]);
  await page.getByText("No job is like that").waitFor();
  assert.equal(await page.getByRole("alert").count(), 0);
  await remove(service, job_id);
  assert.deepEqual(on.complaints, []);
});

Deno.test("a session that ends while a form is open asks for the token over it, and nothing that was typed is lost", async () => {
  await using on = await openDashboard({ args: ["--token", "s3cret-Token.of_the-tests"] });
  const { page, service } = on;
  const tokens = new TokenFile(service.data);
  const wish = { scopes: ["jobs:write" as const], expires: null };
  const { token } = createToken(tokens, { ...wish, name: "worker" }, Date.now());
  await page.goto(service.url);
  await page.getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
  await page.getByText("No jobs yet").waitFor();
  await page.keyboard.press("n");
  await page.getByLabel("Command", { exact: true }).fill("echo typed before");
  revokeToken(tokens, "worker", Date.now());
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await again.waitFor();
  await page.keyboard.press("Escape");
  await nextFrame(page);
  assert.ok(await again.isVisible(), "without a token there is no way on");
  const other = createToken(tokens, { ...wish, name: "worker" }, Date.now());
  await again.getByLabel("Token").fill(other.token);
  await page.keyboard.press("Enter");
  await again.waitFor({ state: "detached" });
  await page.locator(".connection.live").waitFor();
  assert.equal(await page.getByLabel("Command", { exact: true }).inputValue(), "echo typed before");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator("#job-1").waitFor();
  assert.deepEqual(on.complaints, []);
});
