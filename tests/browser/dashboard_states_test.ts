import assert from "node:assert/strict";
import { barriers } from "../helpers/axe.ts";
import { openDashboard } from "../helpers/dashboard.ts";
import { remove, run, submit } from "../helpers/jobs.ts";

Deno.test("axe finds nothing serious in windows, errors and empty lists, light or dark", async () => {
  await using on = await openDashboard();
  const { page, service } = on;
  const check = async (what: string) => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      assert.deepEqual(await barriers(page), [], `${what}, ${colorScheme}`);
    }
  };
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const path of ["/?q=nothing", "/-/jobs/77", "/-/workers", "/-/requests", "/-/keys"]) {
    await page.goto(service.url + path);
    await page.locator(".empty").first().waitFor();
    await check(`${path}, with nothing in it`);
  }
  await run(service, { command: "exit 3" });
  const { job_id } = await submit(service, "sleep 600");
  await page.goto(service.url);
  const bar = page.locator(`#job-${job_id} .bar > div`);
  await bar.waitFor();
  assert.equal(
    await bar.evaluate((element) => getComputedStyle(element).transitionProperty),
    "none",
    "asked for calm",
  );
  await page.keyboard.press("j");
  await page.keyboard.press("Space");
  await page.getByText("1 selected").waitFor();
  await check("a selection");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await check("the keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await page.locator("textarea[name=command]").fill("true");
  await page.getByLabel("Labels").fill("nocolon");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("alert").getByText("name:value").waitFor();
  await check("a form with an error");

  await service.call("PUT", "/foo?ttl=600", { body: "a" });
  await page.goto(`${service.url}/-/keys?key=foo`);
  await page.getByLabel("Value").fill("mine");
  await page.getByText("It expires at").waitFor();
  await service.call("PUT", "/foo", { body: "b" });
  await page.getByText("Somebody has changed").waitFor();
  await check("a warning");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("nothing was saved").waitFor();
  await check("a conflict");
  await service.call("DELETE", "/foo");
  await page.getByText("deleted this key").waitFor({ state: "detached" });

  // A folder is refused by its name, and files beside it are taken.
  await page.goto(`${service.url}/-/workers`);
  await page.locator(".drop").waitFor();
  await page.locator(".drop").evaluate((place) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["x"], "beside.txt"));
    transfer.items.add(new File([], "folder"));
    const [, folder] = transfer.items;
    Object.defineProperty(folder, "webkitGetAsEntry", { value: () => ({ isDirectory: true }) });
    const items = [transfer.items[0], folder];
    Object.defineProperty(transfer, "items", { value: items });
    place.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await page.getByText("folder is a folder, and only files are taken").waitFor();
  await page.getByRole("link", { name: "Download beside.txt" }).waitFor();
  await check("a notice of what went wrong");
  await remove(service, job_id);
  assert.deepEqual(on.complaints, []);
});

Deno.test("axe finds nothing serious where a token is asked for", async () => {
  await using on = await openDashboard({ args: ["--token", "s3cret-Token.of_the-tests"], width: 375 });
  const { page, service } = on;
  await page.goto(service.url);
  await page.getByLabel("Token").fill("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("The token is not one that this server knows.").waitFor();
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(on.complaints, []);
});
