import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { type Chromium, startChromium } from "../helpers/chromium.ts";
import { type Service, startService } from "../helpers/service.ts";
import { hostileSite } from "./support/hostile_site.ts";

const TOKEN = "s3cret-Token.of_the~tests";
const bearer = { authorization: `Bearer ${TOKEN}` };
/** A name that its owner's DNS resolves to this machine, once a page from it is open; and one that is his all along. */
const HOSTS = { "rebound.example": "127.0.0.1", "evil.example": "127.0.0.1" };
const SECRET = "the-secret-value";

/** A service with a key in it, and a hostile site beside it, on other ports of the same machine. */
async function stage(chromium: Chromium, args: string[], signedIn: boolean) {
  const service = await startService({ args });
  const headers = args.length > 0 ? bearer : {};
  await service.call("PUT", "/secret", { body: SECRET, headers });
  await service.call("PUT", "/counter", { body: "1", headers });
  const site = hostileSite();
  if (signedIn) {
    const page = await chromium.context.newPage();
    await page.goto(`${service.url}/api/docs`);
    const status = await page.evaluate(async (token) => {
      const body = JSON.stringify({ token });
      return (await fetch("/api/session", { method: "POST", headers: { "content-type": "application/json" }, body }))
        .status;
    }, TOKEN);
    assert.equal(status, 200);
    assert.equal(await page.evaluate(async () => (await fetch("/secret")).text()), SECRET, "the session works");
    assert.equal(await page.evaluate(() => document.cookie), "", "no script can see the cookie");
    await page.close();
  }
  return { service, site, headers };
}

async function assertUntouched(service: Service, headers: Record<string, string>, ctx: string) {
  const get = async (path: string) => (await service.call("GET", path, { headers })).text;
  assert.deepEqual(JSON.parse(await get("/api/jobs")), { jobs: [] }, `${ctx}: no job was made`);
  const { keys } = JSON.parse(await get("/api/keys")) as { keys: { key: string; value: string; version: number }[] };
  assert.deepEqual(keys.map(({ key, value }) => `${key}=${value}`), ["counter=1", `secret=${SECRET}`], ctx);
  assert.deepEqual(JSON.parse(await get("/api/serverStatus")), {}, `${ctx}: nothing is held`);
  assert.deepEqual(JSON.parse(await get("/api/files")), { files: [] }, ctx);
  // Every slot that a reservation would have taken is free.
  const ids: string[] = [];
  for (let answer; (answer = await service.call("GET", "/new_job", { headers })).status === 200;) {
    ids.push(answer.json<{ "worker-id": string }>()["worker-id"]);
  }
  assert.equal(ids.length, 4, `${ctx}: all four slots were free`);
  for (const id of ids) await service.call("POST", `/modify/${id}/terminated`, { headers });
}

for (
  const [who, args, signedIn] of [
    ["without a token configured", ["--slots", "4"], false],
    ["with a token configured", ["--slots", "4", "--token", TOKEN], false],
    ["with somebody signed in in the same browser", ["--slots", "4", "--token", TOKEN], true],
  ] as const
) {
  Deno.test(`a hostile page can start nothing, read nothing and listen to nothing, ${who}`, async () => {
    await using chromium = await startChromium({ hosts: HOSTS });
    const { service, site, headers } = await stage(chromium, [...args], signedIn);
    const withHeaders: Record<string, string> = args.length > 2 ? headers : {};
    await using _service = service;
    await using _site = site;
    for (
      const origin of [
        `http://127.0.0.1:${site.port}`,
        `http://localhost:${site.port}`,
        `http://evil.example:${site.port}`,
      ]
    ) {
      const page = await chromium.context.newPage();
      await page.goto(`${origin}/`);
      const got = await attack(page, service);
      assert.deepEqual(got.filter(({ won }) => won), [], `from ${origin}`);
      assert.ok(got.length >= 20, `${got.length} attacks`);
      await assertUntouched(service, withHeaders, origin);
      await page.close();
    }
    assert.ok(site.asked > 0, "the hostile site was there");
  });
}

Deno.test("a name that is rebound to this machine gets nothing, not even as its own origin", async () => {
  await using chromium = await startChromium({ hosts: HOSTS });
  await using service = await startService();
  await service.call("PUT", "/secret", { body: SECRET });
  const page = await chromium.context.newPage();
  for (const path of ["/secret", "/api/jobs", "/", "/api/docs"]) {
    const response = await page.goto(`http://rebound.example:${service.port}${path}`);
    assert.equal(response?.status(), 403, path);
    assert.doesNotMatch(await response!.text(), /the-secret/);
  }
  // A probe is answered under any name: it is the page to which the name belongs, as far as the browser knows.
  const probe = await page.goto(`http://rebound.example:${service.port}/-/healthy`);
  assert.equal(probe?.status(), 200);
  const statuses = await page.evaluate(async () => {
    const json = { "content-type": "application/json" };
    const asked = [
      fetch("/secret"),
      fetch("/secret", { method: "PUT", body: "x" }),
      fetch("/api/jobs", { method: "POST", headers: json, body: '{"command":"true"}' }),
      fetch("/api/events"),
      fetch("/new_job"),
    ];
    // The policy of our answers forbids even to ask.
    return await Promise.all(
      asked.map((each) => each.then(({ status }) => String(status), (error) => String(error.name))),
    );
  });
  assert.deepEqual([...new Set(statuses)].filter((status) => status !== "403" && status !== "TypeError"), []);
  assert.deepEqual((await service.call("GET", "/api/jobs")).json(), { jobs: [] });
  assert.equal((await service.call("GET", "/secret")).text, SECRET);
  await page.close();
});

Deno.test("the same attacks succeed on a server that lets everybody in, so that they would be seen to", async () => {
  await using chromium = await startChromium({ hosts: HOSTS });
  await using careless = hostileSite({ sharing: SECRET });
  await using site = hostileSite();
  const page = await chromium.context.newPage();
  await page.goto(`http://evil.example:${site.port}/`);
  const got = await attack(page, { url: `http://127.0.0.1:${careless.port}` });
  const won = new Set(got.filter(({ won }) => won).map(({ how }) => how));
  for (
    const how of [
      "fetch cors with cookies, a key",
      "fetch cors, a job as JSON",
      "script /secret",
      "EventSource /api/events",
    ]
  ) {
    assert.ok(won.has(how), `${how}: ${JSON.stringify(got.find((each) => each.how === how))}`);
  }
  for (const line of ["POST /api/jobs", "POST /upload/new/x", "PUT /secret", "DELETE /secret", "GET /new_job"]) {
    assert.ok(careless.lines.includes(line), line);
  }
  await page.close();
});

interface Attempt {
  how: string;
  /** It did or showed what it must not. */
  won: boolean;
  what: string;
}

/** Everything that a page can do to another origin; the server's side is looked at afterwards. */
async function attack(page: Page, service: Pick<Service, "url">): Promise<Attempt[]> {
  return await page.evaluate(async ({ url, secret }) => {
    const attempts: Attempt[] = [];
    const job = '{"command":"touch /tmp/stint-hostile-page"}';
    const note = (how: string, won: boolean, what: unknown) =>
      attempts.push({ how, won, what: String(what).slice(0, 200) });
    const patience = (ms = 500) => new Promise((resolve) => setTimeout(resolve, ms));
    const json = { "content-type": "application/json" };

    const fetches: [string, string, RequestInit][] = [
      ["cors, a key", "/secret", {}],
      ["cors with cookies, a key", "/secret", { credentials: "include" }],
      ["no-cors with cookies, a key", "/secret", { mode: "no-cors", credentials: "include" }],
      ["cors, a job as JSON", "/api/jobs", { method: "POST", headers: json, body: job, credentials: "include" }],
      ["no-cors, a job as text", "/api/jobs", { method: "POST", mode: "no-cors", body: job, credentials: "include" }],
      ["cors, a key to write", "/secret", { method: "PUT", body: "x", credentials: "include" }],
      ["cors, a key to delete", "/secret", { method: "DELETE", credentials: "include" }],
      ["cors, the jobs", "/api/jobs", { credentials: "include" }],
      ["cors, events", "/api/events", { credentials: "include" }],
      ["no-cors, a slot", "/new_job", { mode: "no-cors", credentials: "include" }],
      ["no-cors, a request to hold", "/api/request?connId=1&timeout=60", { mode: "no-cors", credentials: "include" }],
      ["cors with a token of one's own", "/secret", { headers: { authorization: "Bearer x" } }],
      ["kept alive", "/api/jobs", {
        method: "POST",
        keepalive: true,
        mode: "no-cors",
        body: job,
        credentials: "include",
      }],
      ["the contract", "/openapi.json", { credentials: "include" }],
      ["the session", "/api/session", { credentials: "include" }],
    ];
    for (const [how, path, init] of fetches) {
      await fetch(url + path, init).then(
        async (response) =>
          note(`fetch ${how}`, response.type !== "opaque" || (await response.text()) !== "", response.type),
        (error) => note(`fetch ${how}`, false, error),
      );
    }
    note("sendBeacon", false, navigator.sendBeacon(`${url}/api/jobs`, job));
    navigator.sendBeacon(`${url}/api/jobs`, new Blob([job], { type: "text/plain" }));

    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      for (const path of ["/api/jobs", "/api/kill", "/upload/new/x", "/api/session"]) {
        const frame = document.createElement("iframe");
        frame.name = `form${Math.random()}`;
        document.body.append(frame);
        const form = document.createElement("form");
        Object.assign(form, { method: "post", action: url + path, enctype: type, target: frame.name });
        const field = document.createElement("input");
        // As text, name=value together make the JSON.
        Object.assign(field, { name: job.slice(0, -1) + ',"labels":{"a":"', value: '"}}' });
        form.append(field);
        document.body.append(form);
        form.submit();
      }
      note(`forms as ${type}`, false, "sent");
    }

    const doing = ["/new_job", "/new_job/", "/api/request?connId=2&timeout=60", "/secret", "/api/events", "/api/docs"];
    const elements: [string, string][] = [["img", "src"], ["script", "src"], ["iframe", "src"], ["audio", "src"], [
      "embed",
      "src",
    ], ["object", "data"]];
    for (const [tag, attribute] of elements) {
      for (const path of doing) {
        const element = document.createElement(tag);
        const loaded = new Promise((resolve) => {
          element.addEventListener("load", () => resolve("loaded"));
          element.addEventListener("error", () => resolve("error"));
        });
        element.setAttribute(attribute, url + path);
        document.body.append(element);
        const outcome = await Promise.race([loaded, patience(150)]);
        // Frames load error pages too; whether they show anything is asked below.
        note(`${tag} ${path}`, outcome === "loaded" && (tag === "img" || tag === "script"), outcome);
      }
    }
    for (const frame of document.querySelectorAll("iframe")) {
      let text = "";
      try {
        text = frame.contentDocument?.body?.textContent ?? "";
      } catch {
        text = "";
      }
      if (text.includes(secret)) note("a frame's text", true, text);
    }
    const style = document.createElement("link");
    Object.assign(style, { rel: "stylesheet", href: `${url}/secret` });
    document.head.append(style);
    const prefetch = document.createElement("link");
    Object.assign(prefetch, { rel: "prefetch", href: `${url}/new_job` });
    document.head.append(prefetch);
    note(
      "style sheets and prefetching",
      [...document.styleSheets].some(({ href }) => href?.includes("secret") ?? false),
      "",
    );

    for (const path of ["/api/events", "/api/keys/events", "/api/jobs/1/output"]) {
      const source = new EventSource(url + path, { withCredentials: true });
      const outcome = await Promise.race([
        new Promise((resolve) => (source.onopen = () => resolve("open"))),
        new Promise((resolve) => (source.onerror = () => resolve("error"))),
        patience(3000),
      ]);
      note(`EventSource ${path}`, outcome === "open", outcome);
      source.close();
    }
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/events`);
    const outcome = await Promise.race([
      new Promise((resolve) => (socket.onopen = () => resolve("open"))),
      new Promise((resolve) => (socket.onerror = () => resolve("error"))),
      patience(3000),
    ]);
    note("WebSocket", outcome === "open", outcome);

    for (const path of ["/secret", "/new_job", "/api/docs"]) {
      const opened = globalThis.open(url + path);
      await patience(300);
      let text = "nothing";
      try {
        text = opened?.document.body.textContent ?? "";
      } catch (error) {
        text = String(error);
      }
      note(`window.open ${path}`, text.includes(secret), text);
      opened?.close();
    }
    const worker = await navigator.serviceWorker?.register(`${url}/secret`).then(() => "registered", String);
    note("a service worker", worker === "registered", worker);
    const module = await import(`${url}/api/docs/init.js`).then(() => "imported", String);
    note("a module", module === "imported", module);
    await patience(500);
    return attempts;
  }, { url: service.url, secret: SECRET });
}
