import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { testApp } from "../helpers/app.ts";

Deno.test("a held request is listed, and killing it ends it as killed", async () => {
  await using service = await testApp();
  const held = service.ask("GET", "/api/request?connId=12&timeout=599.5");
  const listed = await eventually("it is listed", async () => {
    const { json } = await service.ask("GET", "/api/serverStatus");
    return json["12"] && json;
  });
  assert.match(listed["12"], /^(600|5\d\d)$/);
  assert.equal((await service.ask("GET", "/api/request?connId=12&timeout=1")).status, 409);
  assert.deepEqual((await service.ask("PUT", "/api/kill", { body: "{connId=12}" })).json, { status: "ok" });
  const { status, json } = await held;
  assert.deepEqual([status, json], [500, { status: "killed" }]);
  const { status: again, json: words } = await service.ask("PUT", "/api/kill", { json: { connId: 12 } });
  assert.deepEqual([again, words], [400, { status: "invalid connection Id : 12" }]);
});

Deno.test("a client that leaves frees its connId", async () => {
  await using service = await testApp();
  const client = new AbortController();
  const held = service.ask("GET", "/api/request?connId=3&timeout=600", { signal: client.signal });
  await eventually("it is listed", async () => (await service.ask("GET", "/api/serverStatus")).json["3"]);
  client.abort();
  await held.catch(() => {});
  assert.deepEqual((await service.ask("GET", "/api/serverStatus")).json, {});
});

Deno.test("a request to hold names both its parameters, in range", async () => {
  await using service = await testApp();
  const bad = ["", "connId=1", "timeout=1", "connId=-1&timeout=1", "connId=1.5&timeout=1", "connId=1&timeout=-1"];
  const worse = [
    "connId=1&timeout=",
    "connId=1&timeout=1e3",
    "connId=9007199254740992&timeout=1",
    "connId=1&timeout=3601",
  ];
  for (const query of [...bad, ...worse, "connId=1&connId=2&timeout=1", "connid=1&timeout=1", "connId=1&timeout=NaN"]) {
    const { status, json } = await service.ask("GET", `/api/request?${query}`);
    assert.equal(status, 400, query);
    assert.ok(json.errors.length > 0, query);
  }
  assert.equal((await service.ask("GET", "/api/request?connId=9007199254740991&timeout=0.01")).status, 200);
});

Deno.test("the longest time that may be asked for is the limit itself, and the list of what is held is never kept", async () => {
  await using service = await testApp();
  const held = service.ask("GET", "/api/request?connId=4&timeout=3600");
  await eventually("it is held", async () => (await service.ask("GET", "/api/serverStatus")).json["4"]);
  assert.equal((await service.ask("GET", "/api/serverStatus")).headers.get("cache-control"), "no-store");
  assert.equal((await service.ask("PUT", "/api/kill", { json: { connId: 4 } })).status, 200);
  assert.equal((await held).status, 500);
});
