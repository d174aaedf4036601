import assert from "node:assert/strict";
import { origin } from "../../../routes/middleware/origin.ts";
import { before } from "../../../routes/middleware/layers.ts";
import { appWith, ask, codeOf } from "../../helpers/stack_app.ts";

const app = appWith(before(origin()));
app.all("*", (c) => c.text("served"));

const VISIT = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

for (
  const [what, path, method, headers, status] of [
    ["what is no browser", "/api/jobs", "POST", {}, 200],
    ["our own page", "/api/jobs", "POST", {
      "sec-fetch-site": "same-origin",
      origin: "http://127.0.0.1:8080",
    }, 200],
    ["our own page behind a proxy with TLS", "/api/jobs", "POST", {
      host: "stint.example",
      origin: "https://stint.example",
    }, 200],
    ["an address typed in", "/api/jobs", "GET", { "sec-fetch-site": "none" }, 200],
    ["another site's fetch", "/api/jobs", "POST", { "sec-fetch-site": "cross-site" }, 403],
    ["a sister site's fetch", "/api/jobs", "POST", { "sec-fetch-site": "same-site" }, 403],
    ["an older browser's other site", "/api/jobs", "POST", { origin: "https://evil.example" }, 403],
    ["another port of this machine", "/api/jobs", "POST", { origin: "http://127.0.0.1:9999" }, 403],
    ["another scheme's usual port", "/api/jobs", "POST", { host: "a.example", origin: "http://a.example:443" }, 403],
    ["a sandboxed page", "/api/jobs", "POST", { origin: "null" }, 403],
    ["an origin that is none", "/api/jobs", "POST", { origin: "http://127.0.0.1:8080/x" }, 403],
    ["a link to the dashboard", "/", "GET", VISIT, 200],
    ["a link to the docs", "/api/docs", "GET", VISIT, 200],
    ["a link to data", "/api/jobs", "GET", VISIT, 403],
    ["a link to a reservation", "/new_job/", "GET", VISIT, 403],
    ["a visit that names a foreign origin", "/", "GET", { ...VISIT, origin: "https://evil.example" }, 403],
    ["a form sent to the dashboard", "/", "POST", VISIT, 403],
    ["a frame around the dashboard", "/", "GET", { ...VISIT, "sec-fetch-dest": "iframe" }, 403],
  ] as const
) {
  Deno.test(`${what} is ${status === 200 ? "answered" : "refused"} (${method} ${path})`, async () => {
    const response = await ask(app, path, { method, headers });
    assert.equal(response.status, status);
    if (status === 403) assert.equal(await codeOf(response), "forbidden_origin");
  });
}
