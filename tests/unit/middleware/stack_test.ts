import assert from "node:assert/strict";
import { Hono } from "hono";
import { Metrics } from "../../../lib/metrics.ts";
import { RateLimits } from "../../../lib/rate_limits.ts";
import { Throttle } from "../../../lib/throttle.ts";
import { configuredTokens } from "../../../lib/tokens/configured.ts";
import type { Env } from "../../../routes/env.ts";
import { useStack } from "../../../routes/middleware/stack.ts";
import { ask, codeOf } from "../../helpers/stack_app.ts";

function wholeApp(tokens: string[] = []) {
  const errors: Record<string, unknown>[] = [];
  const state = { draining: false };
  const metrics = new Metrics();
  const app = new Hono<Env>({ strict: false });
  useStack(app, {
    metrics,
    contract: [],
    auditLog: { write: () => {} },
    errorLog: { write: (facts) => errors.push(facts) },
    tokens: configuredTokens(tokens),
    sessions: { find: () => undefined },
    throttle: new Throttle(20, 60_000, { now: () => 0 }),
    rates: { limits: new RateLimits({ now: () => 0 }) },
    host: { bound: "127.0.0.1", allowed: [] },
    isDraining: () => state.draining,
  });
  app.get("/new_job", (c) => c.json({ id: 1 }));
  app.get("/api/files/:name", (c) => c.json({ name: c.req.param("name") }));
  app.delete("/api/files/:name", (c) => c.body(null, 204));
  app.get("/api/boom", () => {
    throw new TypeError("boom");
  });
  app.get("/-/healthy", (c) => c.text("ok"));
  app.get("/:key{[A-Za-z0-9]{1,255}}", (c) => c.body("value"));
  return { app, errors, state, metrics };
}

Deno.test("every answer has an id of its own and headers that bind browsers", async () => {
  const { app } = wholeApp(["t"]);
  const ids = new Set<string | null>();
  for (const path of ["/-/healthy", "/api/files/a", "/nothing/here"]) {
    const { headers } = await ask(app, path);
    ids.add(headers.get("x-request-id"));
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.match(headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
  }
  assert.equal(ids.size, 3);
  assert(!ids.has(null));
});

Deno.test("an id that the caller sends is not taken over", async () => {
  const { headers } = await ask(wholeApp().app, "/-/healthy", { headers: { "x-request-id": "mine" } });
  assert.notEqual(headers.get("x-request-id"), "mine");
});

Deno.test("JSON says its charset", async () => {
  assert.equal(
    (await ask(wholeApp().app, "/new_job")).headers.get("content-type"),
    "application/json; charset=utf-8",
  );
});

Deno.test("an unknown path is 404 and an unknown method 405 with Allow", async () => {
  const { app } = wholeApp();
  const missing = await ask(app, "/api/nothing");
  assert.deepEqual([missing.status, missing.headers.get("allow"), await codeOf(missing)], [404, null, "not_found"]);
  for (
    const [path, method, allow] of [
      ["/api/files/a", "POST", "DELETE, GET, HEAD"],
      ["/api/files/a/", "BREW", "DELETE, GET, HEAD"],
      ["/new_job", "POST", "GET"],
      ["/abc", "OPTIONS", "GET, HEAD"],
    ] as const
  ) {
    const response = await ask(app, path, { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, allow], path);
    assert.equal(await codeOf(response), "method_not_allowed");
  }
});

Deno.test("a trailing slash means nothing", async () => {
  assert.equal((await ask(wholeApp().app, "/new_job/")).status, 200);
  assert.deepEqual(await (await ask(wholeApp().app, "/api/files/a/")).json(), { name: "a" });
});

Deno.test("HEAD answers like GET without the body, except where GET does something", async () => {
  const { app } = wholeApp();
  const [get, head] = [await ask(app, "/api/files/a"), await ask(app, "/api/files/a", { method: "HEAD" })];
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("content-length"), String((await get.arrayBuffer()).byteLength));
  assert.equal(await head.text(), "");
  for (const path of ["/new_job", "/new_job/"]) {
    const refused = await ask(app, path, { method: "HEAD" });
    assert.deepEqual([refused.status, refused.headers.get("allow")], [405, "GET"]);
  }
});

Deno.test("HEAD lets go of the stream that GET would have sent", async () => {
  const { app } = wholeApp();
  let cancelled = false;
  app.get("/api/stream", () => new Response(new ReadableStream({ cancel: () => void (cancelled = true) })));
  await ask(app, "/api/stream", { method: "HEAD" });
  assert(cancelled);
});

Deno.test("a URL over 8 KiB is 414", async () => {
  const { app } = wholeApp();
  assert.equal((await ask(app, `/-/healthy?${"x".repeat(8192 - 11)}`)).status, 200);
  const response = await ask(app, `/-/healthy?${"x".repeat(8192)}`);
  assert.equal(response.status, 414);
  assert.equal(await codeOf(response), "uri_too_long");
});

Deno.test("while the server drains everything but probes is 503 with Retry-After", async () => {
  const { app, state } = wholeApp();
  state.draining = true;
  assert.equal((await ask(app, "/-/healthy")).status, 200);
  const response = await ask(app, "/abc");
  assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "5"]);
  assert.equal(await codeOf(response), "shutting_down");
});

Deno.test("an answer of 5xx is logged with the id that the client got, and its cause only there", async () => {
  const { app, errors } = wholeApp();
  const response = await ask(app, "/api/boom?token=secret");
  assert.doesNotMatch(await response.text(), /boom/);
  assert.equal(errors.length, 1);
  const { request_id, status, code, path, error } = errors[0]!;
  assert.deepEqual([request_id, status, code, path], [
    response.headers.get("x-request-id"),
    500,
    "internal",
    "/api/boom",
  ]);
  assert.match(String(error), /^TypeError: boom\n/);
});

Deno.test("requests are counted by the pattern of their route, never by their path", async () => {
  const { app, metrics } = wholeApp();
  for (const path of ["/abc", "/def", "/api/files/1", "/no/1", "/no/2"]) await ask(app, path);
  await ask(app, "/abc", { method: "MADEUP" });
  const counts = (await metrics.scrape()).split("\n").filter((line) => line.startsWith("stint_http_requests_total"));
  assert.deepEqual(counts, [
    'stint_http_requests_total{method="GET",route="/{key}",status="200"} 2',
    'stint_http_requests_total{method="GET",route="/api/files/{name}",status="200"} 1',
    'stint_http_requests_total{method="GET",route="none",status="404"} 2',
    'stint_http_requests_total{method="other",route="none",status="405"} 1',
  ]);
});
