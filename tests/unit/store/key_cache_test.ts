import { deepEqual, equal } from "node:assert/strict";
import { KeyCache } from "../../../lib/store/key_cache.ts";
import type { Commit } from "../../../lib/services/ports/store.ts";

const cached = (text: string) => ({ version: 1, expires: null, text });
const commitOf = (...keys: string[]): Commit => ({
  id: "c",
  at: 0,
  changes: keys.map((id) => ({ kind: "key", id, expect: { is: "any" }, value: null })),
});

Deno.test("a key that is being changed is neither kept nor taken in until every change of it is answered", () => {
  const cache = new KeyCache();
  cache.set("a", cached("old"));
  equal(cache.get("a")?.text, "old");
  const [first, second] = [commitOf("a"), commitOf("a", "b")];
  cache.begin(first);
  cache.begin(second);
  equal(cache.get("a"), undefined);
  cache.set("a", cached("read meanwhile"));
  cache.end(first);
  cache.set("a", cached("read meanwhile"));
  equal(cache.get("a"), undefined);
  cache.end(second);
  cache.set("a", cached("new"));
  equal(cache.get("a")?.text, "new");
});

Deno.test("changes of other things leave the keys alone", () => {
  const cache = new KeyCache();
  cache.set("a", cached("x"));
  cache.begin({ id: "c", at: 0, changes: [{ kind: "worker", id: "a", expect: { is: "any" }, value: null }] });
  equal(cache.get("a")?.text, "x");
});

Deno.test("the cache stays small however many keys there are, and keeps those that are asked for", () => {
  const cache = new KeyCache();
  cache.set("hot", cached("hot"));
  let kept = 0;
  for (let i = 0; i < 100_000; i++) {
    cache.set(`k${i}`, cached(String(i)));
    if (i % 1000 === 0) equal(cache.get("hot")?.text, "hot");
  }
  for (let i = 0; i < 100_000; i++) if (cache.get(`k${i}`)) kept++;
  equal(kept >= 8000 && kept <= 17_000, true, String(kept));
  deepEqual(cache.get("nothing"), undefined);
});
