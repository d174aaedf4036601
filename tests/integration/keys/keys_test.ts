import assert from "node:assert/strict";
import { sweep } from "../../../lib/services/keys/expiry.ts";
import { Keys } from "../../../lib/services/keys/keys.ts";
import type { Store } from "../../../lib/services/ports/store.ts";
import { openStore } from "../../../lib/store/open.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { rejectsWith } from "../../helpers/problem.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function open() {
  const directory = await tempDir();
  const store = await openStore({ directory: directory.path });
  const clock = new FakeClock();
  return {
    keys: new Keys(store, clock),
    store,
    clock,
    async [Symbol.asyncDispose]() {
      await store.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a value is new once, then replaced, then removed", async () => {
  await using it = await open();
  const first = await it.keys.put("foo", bytes("a"));
  assert.equal(first.created, true);
  const second = await it.keys.put("foo", bytes(""));
  assert.equal(second.created, false);
  assert.ok(second.version > first.version);
  assert.deepEqual((await it.keys.get("foo"))?.value.value.length, 0, "an empty value is a value");
  assert.equal(await it.keys.remove("foo"), true);
  assert.equal(await it.keys.remove("foo"), false);
  assert.equal(await it.keys.get("foo"), undefined);
});

Deno.test("a write that expects another version changes nothing and says what is there", async () => {
  await using it = await open();
  const { version } = await it.keys.put("foo", bytes("a"));
  const problem = await rejectsWith(
    "precondition_failed",
    it.keys.put("foo", bytes("b"), { expect: { is: "version", oneOf: [version + 100] } }),
  );
  assert.equal(problem.extras.members?.["version"], version);
  await rejectsWith("precondition_failed", it.keys.put("foo", bytes("b"), { expect: { is: "absent" } }));
  await rejectsWith("precondition_failed", it.keys.remove("foo", { is: "version", oneOf: [version + 100] }));
  assert.deepEqual((await it.keys.get("foo"))?.value.value, bytes("a"));
});

Deno.test("of many who create a key at once exactly one does", async () => {
  await using it = await open();
  const attempts = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) => it.keys.put("one", bytes(`${i}`), { expect: { is: "absent" } })),
  );
  assert.equal(attempts.filter(({ status }) => status === "fulfilled").length, 1);
});

Deno.test("an expired key is gone to readers and conditions at its moment, and from the disk soon", async () => {
  await using it = await open();
  await it.keys.put("brief", bytes("a"), { ttl: 10 });
  await it.keys.put("long", bytes("a"), { ttl: 20 });
  await it.clock.advance(9_999);
  assert.ok(await it.keys.get("brief"));
  await it.clock.advance(1);
  assert.equal(await it.keys.get("brief"), undefined);
  assert.deepEqual((await it.keys.list({ limit: 10 })).items.map(({ value }) => value.key), ["long"]);
  assert.equal(await sweep(it.store, it.clock), 1);
  assert.equal(await it.keys.count(), 1);
  assert.equal((await it.keys.put("brief", bytes("b"), { expect: { is: "absent" } })).created, true);
});

Deno.test("a key that is written anew while expired ones are swept away stays", async () => {
  await using it = await open();
  await it.keys.put("brief", bytes("a"), { ttl: 1 });
  await it.keys.put("gone", bytes("a"), { ttl: 1 });
  await it.clock.advance(2_000);
  const late: Store = {
    ...it.store,
    commit: (commit) => it.store.commit(commit),
    keys: {
      ...it.store.keys,
      expired: async (now, limit) => {
        const found = await it.store.keys.expired(now, limit);
        await it.keys.put("brief", bytes("b"));
        return found;
      },
    },
  };
  assert.equal(await sweep(late, it.clock), 2);
  assert.deepEqual((await it.keys.get("brief"))?.value.value, bytes("b"));
  assert.equal(await it.keys.count(), 1);
});

Deno.test("a batch does all of its steps or none, and names each that failed", async () => {
  await using it = await open();
  const { version } = await it.keys.put("a", bytes("1"));
  const problem = await rejectsWith(
    "precondition_failed",
    it.keys.batch([
      { step: "compare", key: "a", expect: { is: "version", oneOf: [version] } },
      { step: "compare", key: "b", expect: { is: "present" } },
      { step: "put", key: "c", value: bytes("3") },
      { step: "delete", key: "d", expect: { is: "present" } },
    ]),
  );
  assert.deepEqual(problem.extras.errors?.map(({ pointer }) => pointer), ["/steps/1", "/steps/3"]);
  assert.equal(await it.keys.get("c"), undefined);
  await it.keys.batch([
    { step: "compare", key: "a", expect: { is: "version", oneOf: [version] } },
    { step: "put", key: "c", value: bytes("3") },
    { step: "delete", key: "a" },
  ]);
  assert.equal(await it.keys.get("a"), undefined);
  assert.deepEqual((await it.keys.get("c"))?.value.value, bytes("3"));
});

Deno.test("the changes of keys can be followed from any version, by prefix", async () => {
  await using it = await open();
  const { version } = await it.keys.put("a1", bytes("x"));
  await it.keys.put("b1", bytes("x"));
  await it.keys.put("a2", bytes("y"), { ttl: 1 });
  await it.clock.advance(1000);
  await sweep(it.store, it.clock);
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const change of it.keys.follow({ prefix: "a", after: version, signal: stop.signal })) {
    if (change.key === undefined) continue;
    seen.push(`${change.key}=${change.value ? new TextDecoder().decode(change.value.value) : "gone"}`);
    if (seen.length === 2) break;
  }
  assert.deepEqual(seen, ["a2=y", "a2=gone"]);
  stop.abort();
});

Deno.test("an expired key is gone to every reader at its very moment, also one that was read just before", async () => {
  await using it = await open();
  await it.keys.put("foo", bytes("a"), { ttl: 1 });
  await it.clock.advance(999);
  assert.equal(it.keys.peek("foo")?.text, "a");
  assert.equal((await it.keys.list({ limit: 10 })).items.length, 1);
  await it.clock.advance(1);
  assert.equal(it.keys.peek("foo"), undefined);
  assert.equal(await it.keys.get("foo"), undefined);
  assert.deepEqual((await it.keys.list({ limit: 10 })).items, []);
  await assert.rejects(it.keys.put("foo", bytes("b"), { expect: { is: "present" } }), { code: "precondition_failed" });
  assert.equal((await it.keys.put("foo", bytes("b"))).created, true);
});

Deno.test("many keys that expire at once are removed in steps, and one that was put anew meanwhile stays", async () => {
  await using it = await open();
  await Promise.all(Array.from({ length: 150 }, (_, i) => it.keys.put(`k${i}`, bytes("x"), { ttl: 1 })));
  await it.clock.advance(1000);
  await it.keys.put("k7", bytes("anew"));
  const steps = [await sweep(it.store, it.clock), await sweep(it.store, it.clock), await sweep(it.store, it.clock)];
  assert.deepEqual(steps, [64, 64, 21]);
  assert.equal(await it.keys.count(), 1);
  assert.equal(it.keys.peek("k7")?.text, "anew");
});

Deno.test("a read of a key that is being written gives the old value or the new one, and the new one afterwards", async () => {
  await using it = await open();
  await it.keys.put("foo", bytes("0"));
  for (let i = 1; i <= 50; i++) {
    it.keys.peek("foo");
    const writing = it.keys.put("foo", bytes(String(i)));
    assert.ok([String(i - 1), String(i)].includes(it.keys.peek("foo")!.text));
    await writing;
    assert.equal(it.keys.peek("foo")!.text, String(i));
  }
});
