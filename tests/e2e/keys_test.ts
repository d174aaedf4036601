import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { runProgram } from "../helpers/program.ts";
import { type Service, startService } from "../helpers/service.ts";
import type { KeyView, ProblemView } from "../helpers/views.ts";

async function put(service: Service, key: string, value: string, headers = {}, query = "") {
  return await service.call("PUT", `/${key}${query}`, { body: value, headers });
}

Deno.test("a key's ETag changes with every write, and If-Match and If-None-Match guard all three methods", async () => {
  await using service = await startService();
  const fresh = await put(service, "foo", "1", { "if-none-match": "*" });
  assert.equal(fresh.status, 201);
  const first = fresh.headers.get("etag")!;
  assert.match(first, /^"[^"]+"$/);
  assert.equal((await put(service, "foo", "2", { "if-none-match": "*" })).status, 412);
  const replaced = await put(service, "foo", "2", { "if-match": first });
  assert.equal(replaced.status, 204);
  const second = replaced.headers.get("etag")!;
  assert.notEqual(second, first);
  assert.equal((await put(service, "foo", "3", { "if-match": first })).status, 412);
  assert.equal((await put(service, "foo", "3", { "if-match": `${first}, ${second}` })).status, 204);

  const got = await service.call("GET", "/foo");
  const etag = got.headers.get("etag")!;
  assert.equal(got.text, "3");
  const same = await service.call("GET", "/foo", { headers: { "if-none-match": etag } });
  assert.deepEqual([same.status, same.text, same.headers.get("etag")], [304, "", etag]);
  assert.equal((await service.call("GET", "/foo", { headers: { "if-none-match": first } })).status, 200);
  assert.equal((await service.call("GET", "/foo", { headers: { "if-match": first } })).status, 412);
  assert.equal((await service.call("GET", "/foo", { headers: { "if-match": "*" } })).status, 200);
  assert.equal((await service.call("HEAD", "/foo")).headers.get("etag"), etag);

  assert.equal((await service.call("DELETE", "/foo", { headers: { "if-match": first } })).status, 412);
  assert.equal((await service.call("DELETE", "/foo", { headers: { "if-none-match": etag } })).status, 412);
  assert.equal((await service.call("DELETE", "/foo", { headers: { "if-match": etag } })).status, 204);
  const again = await put(service, "foo", "4");
  assert.equal(again.status, 201);
  assert.notEqual(again.headers.get("etag"), etag, "a version never comes back");
});

Deno.test("of 32 clients that create the same key with If-None-Match exactly one succeeds", async () => {
  await using service = await startService();
  const answers = await Promise.all(
    Array.from({ length: 32 }, (_, i) => put(service, "lock", String(i), { "if-none-match": "*" })),
  );
  const winners = answers.flatMap(({ status }, i) => status === 201 ? [String(i)] : []);
  assert.equal(winners.length, 1);
  assert.ok(answers.every(({ status }) => status === 201 || status === 412));
  assert.equal((await service.call("GET", "/lock")).text, winners[0]);
});

Deno.test("clients that add to one counter with If-Match lose no update", async () => {
  await using service = await startService();
  await put(service, "counter", "0");
  const add = async () => {
    for (let done = 0; done < 10;) {
      const now = await service.call("GET", "/counter");
      const { status } = await put(service, "counter", String(Number(now.text) + 1), {
        "if-match": now.headers.get("etag")!,
      });
      assert.ok(status === 204 || status === 412);
      if (status === 204) done++;
    }
  };
  await Promise.all(Array.from({ length: 8 }, add));
  assert.equal((await service.call("GET", "/counter")).text, "80");
});

Deno.test("a key with a ttl is gone when its time is over, and a later write takes the ttl away", async () => {
  await using service = await startService();
  await put(service, "short", "x", {}, "?ttl=0.5");
  await put(service, "kept", "x", {}, "?ttl=0.5");
  await put(service, "kept", "y");
  await put(service, "long", "x", {}, "?ttl=3600");
  const { keys } = (await service.call("GET", "/api/keys")).json<{ keys: KeyView[] }>();
  const expiry = Date.parse(keys.find(({ key }) => key === "long")!.expires!) - Date.now();
  assert.ok(expiry > 3_000_000 && expiry <= 3_600_000, String(expiry));
  await eventually("it is gone", async () => (await service.call("GET", "/short")).status === 404);
  assert.equal((await service.call("GET", "/kept")).text, "y");
  assert.equal((await put(service, "short", "z")).status, 201, "an expired key is new again");
});

Deno.test("the list goes through all keys of a prefix in byte order, page by page, while keys are added", async () => {
  await using service = await startService();
  for (let i = 10; i < 35; i++) await put(service, `a${i}`, `значение ${i}`);
  await put(service, "b1", "other");
  const seen: KeyView[] = [];
  let next: string | undefined = "/api/keys?prefix=a&limit=10";
  while (next) {
    const page = await service.call("GET", next);
    assert.equal(page.status, 200, page.text);
    seen.push(...page.json<{ keys: KeyView[] }>().keys);
    await put(service, `a0${seen.length}`, "inserted before");
    const link: string | undefined = /<([^>]+)>; ?rel="?next"?/.exec(page.headers.get("link") ?? "")?.[1];
    next = link && new URL(link, service.url).href.slice(service.url.length);
  }
  assert.deepEqual(seen.map(({ key }) => key), Array.from({ length: 25 }, (_, i) => `a${i + 10}`));
  assert.equal(seen[0]!.value, "значение 10");
  assert.equal(seen[0]!.expires, null);
});

Deno.test("a batch happens as a whole or not at all", async () => {
  await using service = await startService();
  await put(service, "a", "1");
  const etag = (await service.call("GET", "/a")).headers.get("etag")!;
  const { keys } = (await service.call("GET", "/api/keys")).json<{ keys: KeyView[] }>();
  const version = keys[0]!.version;
  assert.equal(etag, `"${version}"`);
  const batch = (steps: unknown[]) => service.call("POST", "/api/keys/batch", { json: { steps } });

  const refused = await batch([
    { op: "put", key: "b", value: "2" },
    { op: "compare", key: "a", version: version + 1000 },
    { op: "delete", key: "a" },
  ]);
  assert.equal(refused.status, 412, refused.text);
  const problem = refused.json<ProblemView>();
  assert.equal(problem.code, "precondition_failed");
  assert.deepEqual(problem.errors?.map(({ pointer }) => pointer), ["/steps/1"]);
  assert.equal((await service.call("GET", "/b")).status, 404);
  assert.equal((await service.call("GET", "/a")).text, "1");

  const done = await batch([
    { op: "compare", key: "a", version },
    { op: "compare", key: "b", exists: false },
    { op: "put", key: "b", value: "дважды два" },
    { op: "delete", key: "a" },
    { op: "delete", key: "never" },
  ]);
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json<{ results: unknown[] }>().results.length, 5);
  assert.equal((await service.call("GET", "/b")).text, "дважды два");
  assert.equal((await service.call("GET", "/a")).status, 404);

  const full = await batch(Array.from({ length: 128 }, (_, i) => ({ op: "put", key: `n${i}`, value: String(i) })));
  assert.equal(full.status, 200, full.text);
  await service.kill9();
  await service.start();
  assert.equal((await service.call("GET", "/n127")).text, "127");
});

Deno.test("two clients on one key never see a torn value", async () => {
  await using service = await startService();
  const values = ["a".repeat(1024), "b".repeat(7), ""];
  await put(service, "k", values[0]!);
  let writing = true;
  const writers = values.map(async (value) => {
    for (let i = 0; i < 60; i++) await put(service, "k", value);
  });
  const reader = (async () => {
    while (writing) {
      const { status, text } = await service.call("GET", "/k");
      assert.ok(status === 200 && values.includes(text), `${status} ${text}`);
    }
  })();
  await Promise.all(writers);
  writing = false;
  await reader;
});

Deno.test("values are bytes of text: newlines, emoji, NUL and quotes come back as they went in", async () => {
  await using service = await startService();
  for (const value of ['Привет,\r\n"мир"\n', "👩‍👩‍👧‍👦", "a\0b", "\ufeffbom", "'; DROP TABLE keys;--", "𐍈", "\u2028"]) {
    await put(service, "k", value);
    const got = await service.call("GET", "/k");
    assert.deepEqual(got.bytes, new TextEncoder().encode(value));
    assert.equal(got.headers.get("content-type"), "application/octet-stream");
  }
});

Deno.test("a second server on one data directory refuses, naming the first one's pid, and harms nothing", async () => {
  await using service = await startService();
  await put(service, "foo", "1");
  const second = await runProgram(["--port", "0", "--data", service.data]);
  assert.notEqual(second.code, 0);
  assert.match(second.stdout + second.stderr, new RegExp(`\\b${service.pid}\\b`));
  assert.match(second.stdout + second.stderr, /in use/i);
  assert.ok((second.stdout + second.stderr).trim().split("\n").length <= 2, second.stderr);
  assert.equal((await service.call("GET", "/foo")).text, "1");
  await service.kill9();
  await service.start();
  assert.equal((await service.call("GET", "/foo")).text, "1", "a killed server's lock is no obstacle");
});
