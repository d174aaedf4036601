import assert from "node:assert/strict";
import { distance, nearest } from "../../../cli/suggest.ts";

Deno.test("a word is near to another by letters put in, left out, wrong or swapped", () => {
  assert.deepEqual([distance("ps", "ps"), distance("psx", "ps"), distance("logs", "lgos"), distance("", "abc")], [
    0,
    1,
    1,
    3,
  ]);
});

Deno.test("the nearest word is offered, and none when all are far", () => {
  const words = ["pause", "resume", "kill", "ps"];
  assert.equal(nearest("puase", words), "pause");
  assert.equal(nearest("kil", words), "kill");
  assert.equal(nearest("frobnicate", words), undefined);
});
