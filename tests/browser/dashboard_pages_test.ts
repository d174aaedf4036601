import assert from "node:assert/strict";
import { openDashboard } from "../helpers/dashboard.ts";
import { eventually } from "../helpers/eventually.ts";
import { HalfwayProxy } from "../helpers/halfway_proxy.ts";

Deno.test("a file is uploaded, held in between, and stands in the list", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  // The network is slow, so that there is time to pause.
  const network = await on.chromium.context.newCDPSession(page);
  await page.goto(`${service.url}/-/workers`);
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 400_000,
  });
  const path = `${service.files}/отчёт.bin`;
  await Deno.writeFile(path, new Uint8Array(3_000_000).fill(7));
  await page.getByLabel("Files to upload").setInputFiles(path);
  await page.getByRole("button", { name: "Pause отчёт.bin" }).click();
  const status = async () =>
    (await service.call("GET", "/api/workers")).json<{ workers: Record<string, unknown>[] }>().workers[0]!;
  await eventually("the server holds it", async () => (await status()).status === "paused", 60_000);
  await page.locator(".workers .state-paused").first().waitFor();
  const resumed = page.getByRole("button", { name: "Resume отчёт.bin" });
  await resumed.click();
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  await page.getByRole("link", { name: "Download отчёт.bin" }).waitFor();
  await page.locator(".workers .state-completed").waitFor();
  assert.equal((await service.call("GET", `/api/files/${encodeURIComponent("отчёт.bin")}`)).bytes.length, 3_000_000);
  await page.getByRole("button", { name: "Remove отчёт.bin" }).click();
  await page.getByText("Nothing was uploaded yet").waitFor();
  assert.deepEqual(on.complaints, []);
});

Deno.test("an upload goes on by itself when the server was killed and is there again", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  await using proxy = new HalfwayProxy(service.port);
  // So much that the browser cannot have sent all of it before the server has taken some.
  const content = new Uint8Array(12_000_000).map((_, i) => i % 251);
  await Deno.writeFile(`${service.files}/big.bin`, content);
  await page.goto(`${proxy.url}/-/workers`);
  proxy.limit = 1_000_000;
  await page.getByLabel("Files to upload").setInputFiles(`${service.files}/big.bin`);
  const arrived = async () =>
    (await service.call("GET", "/api/uploads")).json<{ uploads: { bytes: number }[] }>().uploads[0]?.bytes ?? 0;
  await eventually("some of it has arrived", async () => await arrived() > 500_000, 60_000);
  await service.kill9();
  await page.getByText("it goes on by itself").waitFor();
  proxy.limit = Infinity;
  await service.start(["--port", String(service.port)]);
  await page.locator(".workers .state-completed").waitFor();
  assert.deepEqual((await service.call("GET", "/api/files/big.bin")).bytes, content);
  const { audit } = (await service.call("GET", "/api/audit")).json<{ audit: { object: string }[] }>();
  assert.ok(audit.some(({ object }) => /… resumes /.test(object)), "it was gone on with, not sent anew");
  assert.deepEqual(on.complaints, []);
});

Deno.test("a key that somebody else has changed meanwhile is not written over unseen", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  await service.call("PUT", "/shared", { body: "first" });
  await page.goto(`${service.url}/-/keys`);
  await page.getByRole("link", { name: "shared" }).click();
  const value = page.getByLabel("Value");
  await eventually("it is read", async () => await value.inputValue() === "first", 60_000);
  await service.call("PUT", "/shared", { body: "second" });
  await eventually(
    "a change is seen where nothing was typed",
    async () => await value.inputValue() === "second",
    60_000,
  );
  await value.fill("mine");
  await service.call("PUT", "/shared", { body: "theirs" });
  await page.getByText("Somebody has changed this key meanwhile").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  const conflict = page.getByRole("alert");
  await conflict.getByText("theirs").waitFor();
  await conflict.getByText("mine", { exact: true }).waitFor();
  assert.equal((await service.call("GET", "/shared")).text, "theirs");
  await page.getByRole("button", { name: "Overwrite with yours" }).click();
  await eventually("it is written", async () => (await service.call("GET", "/shared")).text === "mine", 60_000);

  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel("Key", { exact: true }).fill("fresh");
  await value.fill("ключ");
  await page.getByLabel("Expires after, seconds").fill("3600");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: /fresh.*until/ }).waitFor();
  await page.getByLabel("Prefix").fill("fr");
  await page.getByRole("link", { name: "shared" }).waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).searchParams.get("prefix"), "fr");
  assert.deepEqual(on.complaints, []);
});

Deno.test("held requests run out before one's eyes and can be killed", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  await page.goto(`${service.url}/-/requests`);
  await page.getByText("No request is being held").waitFor();
  const held = service.call("GET", "/api/request?connId=19&timeout=60");
  await page.getByRole("progressbar", { name: "Time left of request 19" }).waitFor();
  await page.getByRole("button", { name: "Kill request 19" }).click();
  const { status, text } = await held;
  assert.deepEqual([status, text], [500, '{"status":"killed"}']);
  await page.getByText("No request is being held").waitFor();
  assert.deepEqual(on.complaints, []);
});

Deno.test("the system's page shows figures, what went wrong and who did what", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  await service.call("PUT", "/foo", { body: "x" });
  await page.goto(`${service.url}/-/system`);
  await page.getByText("putKey foo → 201").waitFor();
  await page.getByText("error.log is empty").waitFor();
  await page.getByRole("img", { name: /^Requests: answered \d/ }).waitFor();
  const disk = await page.locator(".tiles > div", { hasText: "Disk free" }).innerText();
  assert.match(disk, /^Disk free\s+[\d.]+ [kMGT]B/);
  assert.deepEqual(on.complaints, []);
});
