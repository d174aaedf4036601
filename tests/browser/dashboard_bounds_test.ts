import assert from "node:assert/strict";
import { createToken } from "../../lib/tokens/admin.ts";
import { TokenFile } from "../../lib/tokens/token_file.ts";
import { openDashboard } from "../helpers/dashboard.ts";

Deno.test("a token that is bound to a queue and to commands is offered what it may do, and its jobs can be submitted", async () => {
  await using on = await openDashboard({ args: ["--token", "s3cret-Token.of_the-tests"] });
  const { page, service } = on;
  const headers = { authorization: "Bearer s3cret-Token.of_the-tests" };
  await service.call("PUT", "/api/queues/deploys", { headers, json: { slots: 1 } });
  await service.call("POST", "/api/jobs", {
    headers,
    json: { command: "sleep 600", queue: "deploys", name: "not mine" },
  });
  await service.call("POST", "/api/jobs", { headers, json: { command: "sleep 600", name: "elsewhere" } });
  const { token } = createToken(new TokenFile(service.data), {
    name: "deployer",
    scopes: ["jobs:write", "workers:read"],
    bounds: { queues: ["deploys"], commands: { prefixes: [["echo", "deployed"]] } },
    expires: null,
  }, Date.now());
  await page.goto(service.url);
  await page.getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "not mine" }).waitFor();
  assert.equal(await page.locator(".virtual .row").count(), 1);
  assert.equal(await page.getByRole("button", { name: /Kill|Pause/ }).count(), 0);

  await page.keyboard.press("n");
  await page.getByText("One of echo deployed, and arguments").waitFor();
  const command = page.locator("textarea[name=command]");
  assert.equal(await command.inputValue(), "echo deployed ");
  assert.equal(await page.getByLabel("Directory").count(), 0);
  assert.deepEqual(await page.locator("select[name=queue] option").allTextContents(), ["deploys"]);
  await command.fill("rm -rf 'a b'");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("alert").getByText("may only run commands that begin with echo deployed").waitFor();
  await command.fill("echo deployed 'a b'");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("link", { name: "echo deployed 'a b'" }).waitFor();
  await page.getByRole("button", { name: "Kill: job 3" }).waitFor({ state: "attached" });
  await page.getByRole("link", { name: "Workers" }).click();
  await page.getByRole("link", { name: "deploys" }).waitFor();
  assert.equal(await page.getByRole("button", { name: /queue/ }).count(), 0);
  assert.equal(await page.getByRole("region", { name: "Upload" }).count(), 0);
  for (const id of [1, 2, 3]) await service.call("DELETE", `/api/jobs/${id}?terminate=true`, { headers });
  assert.deepEqual(on.complaints, []);
});
