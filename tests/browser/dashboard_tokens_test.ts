import assert from "node:assert/strict";
import { openDashboard } from "../helpers/dashboard.ts";
import { createToken } from "../../lib/tokens/admin.ts";
import { TokenFile } from "../../lib/tokens/token_file.ts";

Deno.test("the dashboard asks for a token, refuses a wrong one, and offers what the right one may do", async () => {
  await using on = await openDashboard({ args: ["--token", "s3cret-Token.of_the-tests"] });
  const { page, service } = on;
  const admin = { authorization: "Bearer s3cret-Token.of_the-tests" };
  const reader = createToken(new TokenFile(service.data), {
    name: "reader",
    scopes: ["jobs:read", "keys:read"],
    expires: null,
  }, Date.now());
  await service.call("POST", "/api/jobs", { headers: admin, json: { command: "sleep 600", name: "long" } });
  await service.call("PUT", "/foo", { headers: admin, body: "x" });
  await page.goto(`${service.url}/-/keys?key=foo`);
  await page.getByLabel("Token").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("The token is not one that this server knows.").waitFor();
  await page.getByLabel("Token").fill(reader.token);
  await page.keyboard.press("Enter");
  // Where one wanted to go.
  await page.getByRole("link", { name: "foo" }).waitFor();
  await page.getByRole("region", { name: "Edit key" }).getByText(/version \d/).waitFor();
  assert.deepEqual(await page.getByRole("navigation").getByRole("link").allTextContents(), ["Jobs", "Keys"]);
  assert.equal(await page.getByRole("button", { name: /Save|Delete|New key/ }).count(), 0);
  await page.getByRole("link", { name: "Jobs" }).click();
  await page.getByRole("link", { name: "long" }).waitFor();
  assert.equal(await page.getByRole("button", { name: /New job|Kill|Pause/ }).count(), 0);
  await page.getByRole("link", { name: "long" }).click();
  await page.locator(".job-head .state-running").waitFor();
  assert.equal(await page.getByRole("button", { name: /Kill|Pause/ }).count(), 0);
  await page.goto(`${service.url}/-/system`);
  await page.getByText("may not see this page").waitFor();

  const cookies = await on.chromium.context.cookies();
  assert.deepEqual(cookies.map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite]), [[
    "stint",
    true,
    "Strict",
  ]]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Token").waitFor();
  const cookie = `stint=${cookies[0]!.value}`;
  assert.equal(
    (await service.call("GET", "/api/session", { headers: { cookie } })).status,
    401,
    "it is over there too",
  );
  await page.reload();
  await page.getByLabel("Token").fill("s3cret-Token.of_the-tests");
  await page.keyboard.press("Enter");
  await page.getByText("Disk free").waitFor();
  await service.call("DELETE", "/api/jobs/1?terminate=true", { headers: admin });
  assert.deepEqual(on.complaints, []);
});
