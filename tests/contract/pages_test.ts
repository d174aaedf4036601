import assert from "node:assert/strict";
import { testApp } from "../helpers/app.ts";

Deno.test("the pages load nothing from elsewhere and run no inline script", async () => {
  await using service = await testApp();
  for (const path of ["/", "/api/docs"]) {
    const { text, headers } = await service.ask("GET", path);
    const policy = headers.get("content-security-policy")!;
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /script-src[^;]*unsafe|https?:/);
    assert.doesNotMatch(text, /(?:src|href)="(?:https?:)?\/\//);
    assert.doesNotMatch(text, /<script(?![^>]*\bsrc=)|\son\w+=/);
  }
});

Deno.test("a page may load what it needs, and anything else nothing at all", async () => {
  await using service = await testApp();
  const policy = async (path: string) => (await service.ask("GET", path)).headers.get("content-security-policy")!;
  assert.match(await policy("/api/docs"), /script-src 'self'/);
  assert.match(await policy("/"), /style-src 'self'/);
  assert.equal(await policy("/api/jobs"), "default-src 'none'; frame-ancestors 'none'");
});

Deno.test("everything that the docs page loads is served", async () => {
  await using service = await testApp();
  const { text } = await service.ask("GET", "/api/docs");
  const files = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!);
  assert.ok(files.length >= 3);
  for (const path of files) {
    const { status, headers, text } = await service.ask("GET", path);
    assert.equal(status, 200, path);
    assert.match(headers.get("content-type")!, /^(text\/(css|javascript)|application\/json); charset=utf-8$/);
    assert.ok(text.length > 100, path);
  }
  assert.equal((await service.ask("GET", "/api/docs/..%2fdocs.ts")).status, 404);
});

Deno.test("what the docs page loads has a tag of its own, and is not sent again to whom has it", async () => {
  await using service = await testApp();
  const tags = new Set<string>();
  for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "init.js"]) {
    const etag = (await service.ask("GET", `/api/docs/${file}`)).headers.get("etag")!;
    tags.add(etag);
    const again = await service.ask("GET", `/api/docs/${file}`, { headers: { "if-none-match": `"other", ${etag}` } });
    assert.deepEqual([again.status, again.text, again.headers.get("etag")], [304, "", etag]);
    const other = await service.ask("GET", `/api/docs/${file}`, { headers: { "if-none-match": '"other"' } });
    assert.equal(other.status, 200);
  }
  assert.equal(tags.size, 3);
});

Deno.test("the served contract is the committed one", async () => {
  await using service = await testApp();
  const committed = JSON.parse(await Deno.readTextFile(new URL("../../openapi/openapi.json", import.meta.url)));
  assert.deepEqual((await service.ask("GET", "/openapi.json")).json, committed);
});

Deno.test("a server that stops is alive and not ready", async () => {
  await using service = await testApp();
  assert.equal((await service.ask("GET", "/-/ready")).status, 200);
  service.stop();
  assert.equal((await service.ask("GET", "/-/healthy")).status, 200);
  assert.equal((await service.ask("GET", "/-/ready")).status, 503);
  assert.equal((await service.ask("GET", "/-/metrics")).status, 200);
  assert.equal((await service.ask("GET", "/api/jobs")).status, 503);
});
