import assert from "node:assert/strict";
import { run } from "../helpers/jobs.ts";
import { startChromium } from "../helpers/chromium.ts";
import { type Service, startService } from "../helpers/service.ts";
import { hostileSite } from "./support/hostile_site.ts";

/** Pages of the service, and what they load. */
const PAGES = ["/", "/api/docs"];
/** What a page shows once its scripts have run. */
const SHOWS: Record<string, string> = { "/": "nav", "/api/docs": ".info .title" };
const OTHERS = ["/openapi.json", "/api/docs/init.js", "/-/healthy", "/api/jobs", "/api/nothing"];

Deno.test("every page and answer tells the browser to run nothing inline, guess no type, and show it in no frame", async () => {
  await using chromium = await startChromium();
  await using service = await startService();
  const page = await chromium.context.newPage();
  for (const path of [...PAGES, ...OTHERS]) {
    const response = await page.goto(service.url + path);
    const headers = await response!.allHeaders();
    const policy = headers["content-security-policy"] ?? "";
    assert.match(policy, /default-src 'none'/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(policy, /script-src[^;]*('unsafe|\*|http)/, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.equal(headers["referrer-policy"], "no-referrer", path);
    assert.equal(headers["x-frame-options"], "DENY", path);
  }
  for (const path of PAGES) {
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    // The dashboard never stops listening, so there is no idle network to wait for.
    await page.goto(service.url + path);
    await page.waitForSelector(SHOWS[path]!);
    assert.deepEqual(complaints, [], `${path} keeps to its own policy`);
    // What somebody managed to write into a page is not run.
    await page.evaluate(() => {
      const ways = [
        () => {
          const script = document.createElement("script");
          document.body.append(script);
          script.textContent = "globalThis.injected = true";
        },
        () => document.body.insertAdjacentHTML("beforeend", "<img src=x: onerror='globalThis.injected = true'>"),
        () => document.body.setAttribute("onclick", "globalThis.injected = true"),
      ];
      for (const way of ways) {
        try {
          way();
        } catch (error) {
          // Where trusted types are asked for, text does not even get that far.
          if (!(error instanceof TypeError)) throw error;
        }
      }
      document.body.click();
    });
    await page.waitForTimeout(200);
    assert.equal(await page.evaluate(() => "injected" in globalThis), false, path);
    page.removeAllListeners();
  }
  await page.close();
});

Deno.test("another site cannot put a page of ours into a frame, nor learn from a link where somebody came from", async () => {
  await using chromium = await startChromium();
  await using service = await startService();
  await using site = hostileSite();
  const page = await chromium.context.newPage();
  for (const path of PAGES) {
    await page.goto(`http://127.0.0.1:${site.port}/`);
    await page.evaluate((url) => {
      const frame = document.createElement("iframe");
      frame.src = url;
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener("load", resolve));
    }, service.url + path);
    const [frame] = page.frames().slice(1);
    assert.match(frame!.url(), /^chrome-error:/, path);
  }
  await page.goto(`${service.url}/`);
  const referrer = await page.evaluate((url) => {
    const link = document.createElement("a");
    link.href = url;
    document.body.append(link);
    link.click();
    return "";
  }, `http://127.0.0.1:${site.port}/`).then(async () => {
    await page.waitForURL(`http://127.0.0.1:${site.port}/`);
    return await page.evaluate(() => document.referrer);
  });
  assert.equal(referrer, "");
  await page.close();
});

const HTML = "<!doctype html><script>fetch('/secret').then(r => r.text()).then(t => document.title = t)</script>";

/** The same page as a key's value, as a file and as what a job has printed. */
async function content(service: Service): Promise<string[]> {
  await service.call("PUT", "/secret", { body: "secret" });
  await service.call("PUT", "/page", { body: HTML });
  const worker = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>()["worker-id"];
  await service.call("POST", `/upload/new/${worker}?name=page.html`, { body: HTML });
  const { result_id: id } = await run(service, `printf '%s' "${HTML.replaceAll("$", "\\$")}"`);
  return ["/page", "/api/keys/page", "/api/files/page.html", `/api/jobs/${id}/stdout`];
}

Deno.test("what users have stored is saved, never shown: it cannot run script as ours", async () => {
  await using chromium = await startChromium();
  await using service = await startService();
  for (const path of await content(service)) {
    const page = await chromium.context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const download = page.waitForEvent("download", { timeout: 20_000 });
    await page.goto(service.url + path).catch((error) =>
      assert.match(String(error), /Download is starting|ERR_ABORTED/)
    );
    await (await download).delete();
    assert.equal(page.url(), "about:blank", path);
    assert.deepEqual(asked, [path], "nothing was asked for by it");
    // Nor as part of a page of ours.
    await page.goto(`${service.url}/api/docs`);
    const outcome = await page.evaluate((path) => {
      const script = document.createElement("script");
      script.src = path;
      document.body.append(script);
      return new Promise((resolve) => {
        script.addEventListener("load", () => resolve("run"));
        script.addEventListener("error", () => resolve("refused"));
      });
    }, path);
    assert.equal(outcome, "refused", path);
    const { headers } = await service.call("GET", path, { headers: { "sec-fetch-site": "none" } });
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.match(headers.get("content-disposition") ?? "", /^attachment/, path);
    assert.match(headers.get("content-security-policy") ?? "", /sandbox/, path);
    await page.close();
  }
});
