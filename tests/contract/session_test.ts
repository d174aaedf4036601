import assert from "node:assert/strict";
import { testApp } from "../helpers/app.ts";

const TOKEN = "a-token-of-the-tests";
const page = { "sec-fetch-site": "same-origin", origin: "http://localhost" };

async function signedIn() {
  const service = await testApp({ tokens: [TOKEN] });
  const { status, headers, json } = await service.ask("POST", "/api/session", {
    json: { token: TOKEN },
    headers: page,
  });
  assert.deepEqual([status, json], [200, { name: "configured-1", scopes: ["admin"] }]);
  const set = headers.get("set-cookie")!;
  return { service, set, cookie: set.split(";")[0]! };
}

Deno.test("signing in sets a cookie that scripts cannot read and other sites cannot send", async () => {
  const { service, set, cookie } = await signedIn();
  await using _ = service;
  assert.match(cookie, /^stint=[\w-]{43}$/);
  for (const attribute of ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=604800"]) {
    assert.ok(set.split("; ").includes(attribute), set);
  }
  const reply = await service.ask("GET", "/api/jobs", { headers: { cookie } });
  assert.equal(reply.status, 200);
  assert.equal((await service.ask("GET", "/api/session", { headers: { cookie } })).json.name, "configured-1");
});

Deno.test("a cookie changes something only for a page that says where it comes from, and comes from here", async () => {
  const { service, cookie } = await signedIn();
  await using _ = service;
  const put = async (headers: Record<string, string>) =>
    (await service.ask("PUT", "/foo", { body: "1", headers: { cookie, ...headers } })).status;
  assert.equal(await put({}), 403);
  assert.equal(await put({ origin: "http://evil.example" }), 403);
  assert.equal(await put({ "sec-fetch-site": "cross-site" }), 403);
  assert.equal(await put({ "sec-fetch-site": "same-site", origin: "http://localhost:1" }), 403);
  assert.equal(await put(page), 201);
});

Deno.test("signing out ends the session for whoever still has the cookie", async () => {
  const { service, cookie } = await signedIn();
  await using _ = service;
  const out = await service.ask("DELETE", "/api/session", { headers: { cookie, ...page } });
  assert.equal(out.status, 204);
  assert.match(out.headers.get("set-cookie")!, /^stint=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.equal((await service.ask("GET", "/api/jobs", { headers: { cookie } })).status, 401);
});

Deno.test("another's cookie, a made-up one and a wrong token sign nobody in; guessing is slowed down", async () => {
  await using service = await testApp({ tokens: [TOKEN], wrongTokens: 3 });
  for (const value of ["", "x", "A".repeat(43)]) {
    assert.equal((await service.ask("GET", "/api/jobs", { headers: { cookie: `stint=${value}` } })).status, 401, value);
  }
  const guess = async (token: string) => (await service.ask("POST", "/api/session", { json: { token } })).status;
  assert.deepEqual([await guess("a"), await guess("b"), await guess("c"), await guess(TOKEN)], [401, 401, 401, 429]);
});

Deno.test("where no token is asked for whoever asks is anonymous and may do everything", async () => {
  await using service = await testApp();
  assert.deepEqual((await service.ask("GET", "/api/session")).json, { name: "anonymous", scopes: ["admin"] });
});
