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

Deno.test("Prefer: of two the first counts, also when it is malformed", () => {
  for (const first of ["wait=soon", "wait", "wait=", 'wait=""', "wait==5", "wait 5", "wait=5 6"]) {
    assert.equal(parsePrefer(`${first}, wait=2`).wait, undefined, first);
  }
  assert.equal(parsePrefer("respond-async=no, respond-async").respondAsync, false);
});

Deno.test("Prefer: commas, semicolons and escapes within quotes divide nothing", () => {
  const field = 'return="a, wait=1; \\", wait=2", wait=3; note="x, wait=4", respond-async; x="y;,"';
  assert.deepEqual(parsePrefer(field), { wait: 3, respondAsync: true });
});

Deno.test("Prefer: what follows something unreadable is still read", () => {
  for (const junk of ["=", "(wait)", "@", "é", '"', "a=b=c", "; ;"]) {
    assert.deepEqual(parsePrefer(`${junk}, respond-async ,\twait = 7`), { wait: 7, respondAsync: true }, junk);
  }
});

Deno.test("Prefer: however long a wait is asked for, it is a number", () => {
  assert.equal(parsePrefer(`wait=${"9".repeat(400)}`).wait, Number.MAX_SAFE_INTEGER);
  assert.equal(parsePrefer("wait=007").wait, 7);
});

Deno.test("Prefer: an empty value is as good as none", () => {
  assert.equal(parsePrefer('respond-async=""').respondAsync, true);
});
