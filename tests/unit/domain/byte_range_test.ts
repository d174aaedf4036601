import assert from "node:assert/strict";
import { resolveRange } from "../../../lib/domain/byte_range.ts";

const part = (start: number, end: number) => ({ kind: "part", range: { start, end } });

Deno.test("resolveRange gives the bytes of a single range, cut to the size", () => {
  assert.deepEqual(resolveRange("bytes=0-0", 10), part(0, 1));
  assert.deepEqual(resolveRange("bytes=2-5", 10), part(2, 6));
  assert.deepEqual(resolveRange("bytes=2-", 10), part(2, 10));
  assert.deepEqual(resolveRange("bytes=2-99999999999999999999999", 10), part(2, 10));
  assert.deepEqual(resolveRange("Bytes= 9-9 ", 10), part(9, 10));
});

Deno.test("resolveRange gives the last bytes, at most all", () => {
  assert.deepEqual(resolveRange("bytes=-3", 10), part(7, 10));
  assert.deepEqual(resolveRange("bytes=-30", 10), part(0, 10));
  assert.deepEqual(resolveRange("bytes=-3", 0), { kind: "whole" });
});

Deno.test("resolveRange says when nothing of the range is there", () => {
  for (const field of ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999-"]) {
    assert.deepEqual(resolveRange(field, 10), { kind: "unsatisfiable" }, field);
  }
  assert.deepEqual(resolveRange("bytes=0-", 0), { kind: "unsatisfiable" });
});

Deno.test("resolveRange ignores what is absent, malformed, several or in other units", () => {
  for (
    const field of [
      null,
      undefined,
      "",
      "bytes",
      "bytes=-",
      "bytes=5-2",
      "bytes=0-1,3-4",
      "lines=1-2",
      "bytes=a-b",
      "bytes=1.5-2",
    ]
  ) {
    assert.deepEqual(resolveRange(field, 10), { kind: "whole" }, String(field));
  }
});
