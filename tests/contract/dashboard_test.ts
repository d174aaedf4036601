import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { DASHBOARD_PAGES } from "../../openapi/dashboard.ts";
import { testApp } from "../helpers/app.ts";

Deno.test("every page of the dashboard is the same document, at its own address and whatever the query", async () => {
  await using service = await testApp({ tokens: ["secret"] });
  const { text, headers } = await service.ask("GET", "/");
  assert.match(headers.get("content-type")!, /^text\/html; charset=utf-8$/);
  for (const path of [...DASHBOARD_PAGES, "/-/jobs/45", "/?state=running", "/-/keys?prefix=a&key=b"]) {
    const page = await service.ask("GET", path);
    assert.deepEqual([page.status, page.text], [200, text], path);
  }
  assert.equal((await service.ask("GET", "/-/jobs/x")).status, 400);
});

Deno.test("the dashboard's document is not sent again to whom has it", async () => {
  await using service = await testApp();
  const etag = (await service.ask("GET", "/")).headers.get("etag")!;
  const again = await service.ask("GET", "/-/keys", { headers: { "if-none-match": etag } });
  assert.deepEqual([again.status, again.text], [304, ""]);
});

Deno.test("the dashboard's policy allows nothing inline, nothing from elsewhere, and no markup out of text", async () => {
  await using service = await testApp();
  const policy = (await service.ask("GET", "/")).headers.get("content-security-policy")!;
  assert.doesNotMatch(policy, /unsafe|https?:|data:|\*/);
  for (const rule of ["default-src 'none'", "style-src 'self'", "script-src 'self'", "trusted-types 'none'"]) {
    assert.ok(policy.split("; ").includes(rule), rule);
  }
});

Deno.test("what the dashboard's document loads is served, for ever, compressed as the client takes it", async () => {
  await using service = await testApp();
  const { text } = await service.ask("GET", "/");
  const paths = [...text.matchAll(/(?:src|href)="(\/-\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  assert.ok(paths.length >= 4);
  for (const path of paths) {
    const plain = await bytesOf(path, "identity");
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.match(plain.headers.get("cache-control")!, /immutable/);
    const br = await bytesOf(path, "gzip, deflate, br");
    assert.equal(br.headers.get("content-encoding"), "br");
    const gzip = await bytesOf(path, "gzip, br;q=0.5");
    assert.equal(gzip.headers.get("content-encoding"), "gzip");
    assert.deepEqual(new Uint8Array(brotliDecompressSync(br.bytes)), plain.bytes, path);
    assert.deepEqual(new Uint8Array(gunzipSync(gzip.bytes)), plain.bytes, path);
    assert.notEqual(br.headers.get("etag"), gzip.headers.get("etag"));
    const again = await bytesOf(path, "br", { "if-none-match": br.headers.get("etag")! });
    assert.deepEqual([again.status, again.bytes.length], [304, 0]);
  }
  assert.equal((await service.ask("GET", "/-/assets/built.json")).status, 404);
  assert.equal((await service.ask("GET", "/-/assets/..%2fui%2fbuilt.json")).status, 404);

  async function bytesOf(path: string, accepted: string, headers: Record<string, string> = {}) {
    const request = new Request(`http://localhost${path}`, {
      headers: { host: "localhost", "accept-encoding": accepted, ...headers },
    });
    const response = await service.app.fetch(request, {
      remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 },
    });
    return { status: response.status, headers: response.headers, bytes: await response.bytes() };
  }
});

Deno.test("the first load of the dashboard is under 150 KB, compressed the worse of the two ways", async () => {
  await using service = await testApp();
  const { text } = await service.ask("GET", "/");
  let total = text.length;
  for (const [, file] of text.matchAll(/(?:src|href)="\/-\/assets\/([^"]+)"/g)) {
    total += (await Deno.stat(new URL(`../../routes/assets/ui/${file}.gz`, import.meta.url))).size;
  }
  assert.ok(total < 150_000, String(total));
});
