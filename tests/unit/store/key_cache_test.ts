import { deepEqual, equal } from "node:assert/strict";
import { HeldKey, KeyCache } from "../../../lib/store/key_cache.ts";

const held = (key: string, text: string | null, expires: number | null = null) =>
  new HeldKey(key, 1, expires, text === null ? null : new TextEncoder().encode(text));

Deno.test("a key that is being changed is neither kept nor taken in until every change of it is answered", () => {
  const cache = new KeyCache();
  cache.set(held("a", "old"));
  equal(cache.get("a")?.text, "old");
  cache.begin(["a"]);
  cache.begin(["a", "b"]);
  equal(cache.get("a"), undefined);
  cache.set(held("a", "read meanwhile"));
  cache.end(["a"]);
  cache.set(held("a", "read meanwhile"));
  equal(cache.get("a"), undefined);
  cache.end(["a", "b"]);
  cache.set(held("a", "new"));
  equal(cache.get("a")?.text, "new");
});

Deno.test("a key that was removed is not kept", () => {
  const cache = new KeyCache();
  cache.set(held("a", "x"));
  cache.set(held("a", null));
  equal(cache.get("a"), undefined);
});

Deno.test("what is held lives until its time has come, and not at all once it was removed", () => {
  const cases: [string | null, number | null, boolean][] = [
    ["x", null, true],
    ["x", 11, true],
    ["x", 10, false],
    [null, null, false],
  ];
  for (const [text, expires, live] of cases) equal(held("a", text, expires).isLive(10), live);
});

Deno.test("the cache stays small however many keys there are, and keeps those that are asked for", () => {
  const cache = new KeyCache();
  cache.set(held("hot", "hot"));
  let kept = 0;
  for (let i = 0; i < 100_000; i++) {
    cache.set(held(`k${i}`, String(i)));
    if (i % 1000 === 0) equal(cache.get("hot")?.text, "hot");
  }
  for (let i = 0; i < 100_000; i++) if (cache.get(`k${i}`)) kept++;
  equal(kept >= 16_000 && kept <= 33_000, true, String(kept));
  deepEqual(cache.get("nothing"), undefined);
});
