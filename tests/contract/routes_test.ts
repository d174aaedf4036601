import assert from "node:assert/strict";
import { DASHBOARD_PAGES } from "../../openapi/dashboard.ts";
import { CONTRACT } from "../../openapi/document.ts";
import { testApp } from "../helpers/app.ts";

Deno.test("every operation of the contract is served, and nothing else is", async () => {
  await using service = await testApp();
  const contract = CONTRACT.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const served = service.app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => {
    return `${method} ${path.replaceAll(/:([\w-]+)(\{.*\})?(?=\/|$)/g, "{$1}")}`;
  });
  assert.deepEqual([...new Set(served)].sort(), contract.toSorted());
});

Deno.test("a method that a path does not take is 405 and names those it takes", async () => {
  await using service = await testApp();
  const cases = {
    "POST /foo": "DELETE, GET, HEAD, PUT",
    "PUT /new_job": "GET",
    "POST /new_job/": "GET",
    "DELETE /openapi.json": "GET, HEAD",
    "PUT /api/jobs": "GET, HEAD, POST",
    "DELETE /api/kill": "PUT",
    "HEAD /api/request?connId=1&timeout=0": "GET",
    "HEAD /new_job": "GET",
  };
  for (const [request, allow] of Object.entries(cases)) {
    const [method, path] = request.split(" ") as [string, string];
    const { status, headers } = await service.ask(method, path);
    assert.deepEqual([status, headers.get("allow")], [405, allow], request);
  }
});

Deno.test("an unknown path is 404, and its answer a problem document", async () => {
  await using service = await testApp();
  for (const path of ["/api/nothing", "/upload/new", "/-/nothing", "/a/b/c"]) {
    const { status, headers, json } = await service.ask("GET", path);
    assert.equal(status, 404, path);
    assert.match(headers.get("content-type")!, /^application\/problem\+json/);
    assert.deepEqual([json.code, json.status], ["not_found", 404]);
    assert.equal(json.request_id, headers.get("x-request-id"));
  }
});

Deno.test("every operation refuses unknown query parameters, pages for people apart", async () => {
  await using service = await testApp();
  for (const { method, path } of CONTRACT) {
    if (["/", "/api/docs", "/api/docs/{file}", "/-/assets/{file}", "/-/jobs/{id}", ...DASHBOARD_PAGES].includes(path)) {
      continue;
    }
    const real = path.replace("{id}", "1").replace("{key}", "foo").replace("{new_job_status}", "paused");
    const takesJson = ["post", "patch"].includes(method) || (method === "put" && path.startsWith("/api/queues/"));
    const json = takesJson && !path.startsWith("/upload") ? {} : undefined;
    const { status, json: problem, text } = await service.ask(
      method.toUpperCase(),
      `${real.replaceAll(/\{[^}]+\}/g, "x")}?unheard_of=1`,
      { json },
    );
    assert.equal(status, 400, `${method} ${path} ${text}`);
    assert.ok(
      problem.errors.some(({ pointer }: { pointer: string }) => pointer === "query/unheard_of"),
      `${method} ${path} ${text}`,
    );
  }
});

Deno.test("every operation but the public ones asks for a token where one is configured", async () => {
  await using service = await testApp({ tokens: ["secret"] });
  for (const { method, path, security } of CONTRACT) {
    const { status, headers } = await service.ask(method.toUpperCase(), path.replaceAll(/\{[^}]+\}/g, "1"));
    if (security!.length === 0) assert.notEqual(status, 401, path);
    else {assert.deepEqual(
        [status, headers.get("www-authenticate")],
        [401, 'Bearer realm="stint"'],
        `${method} ${path}`,
      );}
  }
});

Deno.test("a parameter without a name is refused wherever it stands", async () => {
  await using service = await testApp();
  for (const query of ["?=1", "?limit=1&=1", "?=", "?limit=1&="]) {
    const { status, json } = await service.ask("GET", `/api/jobs${query}`);
    assert.deepEqual([status, json.code], [400, "invalid_request"], query);
  }
});

Deno.test("what only looks like a key is told apart from the service's own corner", async () => {
  await using service = await testApp();
  for (const [path, status] of [["/-/", 404], ["/-", 400], ["/a-b", 400]] as const) {
    assert.equal((await service.ask("GET", path)).status, status, path);
  }
});
