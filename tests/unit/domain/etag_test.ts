import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import { ifMatchHolds, ifNoneMatchHolds, ifRangeHolds, parseEtagCondition } from "../../../lib/domain/etag.ts";

Deno.test("parseEtagCondition reads a star and lists, commas inside tags included", () => {
  assert.equal(parseEtagCondition(" * "), "*");
  assert.deepEqual(parseEtagCondition('"a"'), ['"a"']);
  assert.deepEqual(parseEtagCondition('"a,b" , W/"c",""'), ['"a,b"', 'W/"c"', '""']);
});

Deno.test("parseEtagCondition refuses what is no list of tags", () => {
  for (const field of ["abc", '"a', 'w/"a"', '"a" "b"', '*, "a"', '"a" x']) {
    assert.throws(() => parseEtagCondition(field), (e) => e instanceof Problem && e.code === "invalid_request", field);
  }
});

Deno.test("If-Match compares strongly and never holds for nothing", () => {
  assert.equal(ifMatchHolds("*", '"a"'), true);
  assert.equal(ifMatchHolds("*", null), false);
  assert.equal(ifMatchHolds(['"b"', '"a"'], '"a"'), true);
  assert.equal(ifMatchHolds(['W/"a"'], '"a"'), false);
  assert.equal(ifMatchHolds(['W/"a"'], 'W/"a"'), false);
});

Deno.test("If-None-Match compares weakly and always holds for nothing", () => {
  assert.equal(ifNoneMatchHolds("*", null), true);
  assert.equal(ifNoneMatchHolds("*", '"a"'), false);
  assert.equal(ifNoneMatchHolds(['W/"a"'], '"a"'), false);
  assert.equal(ifNoneMatchHolds(['"b"'], '"a"'), true);
});

Deno.test("If-Range holds when absent or for the very tag, never for a date or a weak tag", () => {
  assert.equal(ifRangeHolds(null, '"a"'), true);
  assert.equal(ifRangeHolds('"a"', '"a"'), true);
  assert.equal(ifRangeHolds('"b"', '"a"'), false);
  assert.equal(ifRangeHolds('W/"a"', 'W/"a"'), false);
  assert.equal(ifRangeHolds("Sat, 29 Oct 1994 19:43:31 GMT", '"a"'), false);
});
