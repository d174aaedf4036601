import assert from "node:assert/strict";
import { parsePrefer } from "../../../routes/prefer.ts";

Deno.test("Prefer: wait and respond-async are understood beside each other and in any case", () => {
  assert.deepEqual(parsePrefer("wait=30"), { wait: 30, respondAsync: false });
  assert.deepEqual(parsePrefer('Respond-Async, WAIT = "5"; x=y'), { wait: 5, respondAsync: true });
});

Deno.test("Prefer: the first of two values counts", () => {
  assert.equal(parsePrefer("wait=1, wait=2").wait, 1);
});

Deno.test("Prefer: what is unknown or malformed is passed over", () => {
  for (const field of [undefined, "", "wait", "wait=", "wait=-1", "wait=1.5", "wait=soon", "handling=lenient", ",,"]) {
    assert.deepEqual(parsePrefer(field), { respondAsync: false });
  }
});
