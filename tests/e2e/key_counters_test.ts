import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { type Service, startService } from "../helpers/service.ts";
import type { ProblemView } from "../helpers/views.ts";

interface Sum {
  key: string;
  value: number;
  version: number;
  created: boolean;
}

function add(service: Service, key: string, amount: unknown, headers: Record<string, string> = {}) {
  return service.call("POST", `/api/keys/${key}/add`, { json: { amount }, headers });
}

Deno.test("adding to a key counts from nothing, up and down, and gives the sum and its version", async () => {
  await using service = await startService();
  const first = await add(service, "hits", 5);
  assert.equal(first.status, 200, first.text);
  const { value, version, created } = first.json<Sum>();
  assert.deepEqual([value, created, first.headers.get("etag")], [5, true, `"${version}"`]);
  const second = (await add(service, "hits", -7)).json<Sum>();
  assert.deepEqual([second.key, second.value, second.created], ["hits", -2, false]);
  assert.ok(second.version > version);
  const read = await service.call("GET", "/hits");
  assert.deepEqual([read.text, read.headers.get("etag")], ["-2", `"${second.version}"`]);
  await service.call("PUT", "/hits", { body: "40" });
  assert.equal((await add(service, "hits", 2)).json<Sum>().value, 42);
});

Deno.test("additions that come at once are all counted, each with a version of its own", async () => {
  await using service = await startService();
  const sums = (await Promise.all(
    Array.from({ length: 32 }, async () => {
      const mine: Sum[] = [];
      for (let i = 0; i < 10; i++) mine.push((await add(service, "n", 1)).json<Sum>());
      return mine;
    }),
  )).flat();
  assert.equal((await service.call("GET", "/n")).text, "320");
  assert.deepEqual(sums.map(({ value }) => value).sort((a, b) => a - b), Array.from({ length: 320 }, (_, i) => i + 1));
  assert.equal(new Set(sums.map(({ version }) => version)).size, 320);
});

Deno.test("what is no number, or would be none, is 409 and stays", async () => {
  await using service = await startService();
  for (const text of ["", "x", "1.5", "1e3", " 1", "9007199254740992"]) {
    await service.call("PUT", "/k", { body: text });
    const refused = await add(service, "k", 1);
    assert.deepEqual([refused.status, refused.json<ProblemView>().code], [409, "not_a_number"], text);
    assert.equal((await service.call("GET", "/k")).text, text);
  }
  await service.call("PUT", "/k", { body: String(Number.MAX_SAFE_INTEGER) });
  assert.equal((await add(service, "k", 1)).json<ProblemView>().code, "out_of_range");
  assert.equal((await add(service, "k", -1)).status, 200);
  for (const amount of [1.5, "1", null, 2 ** 53, undefined]) {
    assert.equal((await add(service, "k", amount)).status, 400, String(amount));
  }
});

Deno.test("conditions guard additions as they guard writes", async () => {
  await using service = await startService();
  assert.equal((await add(service, "c", 1, { "if-match": "*" })).status, 412);
  const made = await add(service, "c", 1, { "if-none-match": "*" });
  assert.equal(made.status, 200);
  const etag = made.headers.get("etag")!;
  assert.equal((await add(service, "c", 1, { "if-none-match": `"0", ${etag}` })).status, 412);
  assert.equal((await add(service, "c", 1, { "if-match": `"0", ${etag}` })).status, 200);
  assert.equal((await add(service, "c", 1, { "if-match": etag })).status, 412);
  assert.equal((await add(service, "c", 1, { "if-match": "c" })).status, 400);
  assert.equal((await service.call("GET", "/c")).text, "2");
});

Deno.test("an addition keeps the time to live, and a key that has expired counts from nothing", async () => {
  await using service = await startService();
  await service.call("PUT", "/t?ttl=1.5", { body: "10" });
  assert.equal((await add(service, "t", 1)).json<Sum>().value, 11);
  await eventually("it is gone", async () => (await service.call("GET", "/t")).status === 404);
  assert.deepEqual(((s) => [s.value, s.created])((await add(service, "t", 1)).json<Sum>()), [1, true]);
});

Deno.test("an addition that is repeated with its Idempotency-Key is done once, over a kill too", async () => {
  await using service = await startService();
  const headers = { "idempotency-key": "order-17" };
  const first = (await add(service, "n", 3, headers)).json<Sum>();
  await add(service, "n", 1);
  assert.deepEqual((await add(service, "n", 3, headers)).json<Sum>(), first);
  await service.kill9();
  await service.start();
  assert.deepEqual((await add(service, "n", 3, headers)).json<Sum>(), first);
  assert.equal((await service.call("GET", "/n")).text, "4");
  for (const [key, amount] of [["n", 4], ["m", 3]] as const) {
    const other = await add(service, key, amount, headers);
    assert.deepEqual([other.status, other.json<ProblemView>().code], [422, "idempotency_mismatch"]);
  }
});
