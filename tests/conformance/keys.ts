import { rejects } from "node:assert/strict";
import { apply, deepEqual, equal, put, remove, type Sentence } from "./harness.ts";
import { NOW } from "./subjects.ts";

export function aboutKeys(it: Sentence): void {
  it("an empty value is a value, and bytes come back as they were", async (bench) => {
    const text = "значение \u0000 \u{1F600}\n";
    await apply(bench.store, put("empty", ""), put("text", text));
    const store = await bench.reopen();
    deepEqual((await store.keys.get("empty", NOW))?.value.value, new Uint8Array());
    deepEqual((await store.keys.get("text", NOW))?.value.value, new TextEncoder().encode(text));
  });

  it("keys are listed in byte order, by prefix, in pages, without the expired", async ({ store }) => {
    for (const key of ["b", "a", "B", "a1", "a2", "aZ", "1"]) await apply(store, put(key, key));
    await apply(store, put("a3", "", { is: "any" }, NOW));
    const listed = async (prefix: string, limit: number) => {
      const keys: string[] = [];
      for (let cursor: string | undefined, more = true; more;) {
        const page = await store.keys.list({ prefix, limit, now: NOW, ...(cursor && { cursor }) });
        keys.push(...page.items.map(({ value }) => value.key));
        cursor = page.next;
        more = cursor !== undefined;
        equal(page.upTo, store.version());
      }
      return keys;
    };
    deepEqual(await listed("", 100), ["1", "B", "a", "a1", "a2", "aZ", "b"]);
    deepEqual(await listed("", 2), ["1", "B", "a", "a1", "a2", "aZ", "b"]);
    deepEqual(await listed("a", 3), ["a", "a1", "a2", "aZ"]);
    deepEqual(await listed("a", 4), ["a", "a1", "a2", "aZ"]);
    deepEqual(await listed("zz", 4), []);
    equal((await store.keys.list({ prefix: "a", limit: 4, now: NOW })).next, undefined, "a full last page is the last");
  });

  it("a key is there until the moment it expires, and not at it", async ({ store }) => {
    await apply(store, put("a", "1", { is: "any" }, NOW + 5));
    equal((await store.keys.get("a", NOW + 4))?.value.expires, NOW + 5);
    equal(await store.keys.get("a", NOW + 5), undefined);
  });

  it("a cursor of another list, or none at all, is refused", async ({ store }) => {
    await apply(store, put("a1", ""), put("a2", ""));
    const { next } = await store.keys.list({ prefix: "a", limit: 1, now: NOW });
    for (const cursor of [next!, "", "!", "bm9uZQ", "W10"]) {
      await rejects(store.keys.list({ prefix: "b", limit: 1, now: NOW, cursor }), { code: "invalid_request" });
    }
  });

  it("keys are counted without the removed ones, also after a restart", async (bench) => {
    await apply(bench.store, put("a", "1"), put("b", "1"), put("c", "1"));
    await apply(bench.store, put("a", "2"), remove("b"));
    equal(await bench.store.keys.count(), 2);
    equal(await (await bench.reopen()).keys.count(), 2);
  });
}
