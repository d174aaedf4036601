import assert from "node:assert/strict";
import { digestOf } from "../../../routes/idempotency.ts";

Deno.test("the order of an object's members does not change its digest, the order of a list does", async () => {
  const one = await digestOf({ command: "x", env: { A: "1", B: "2" } });
  assert.equal(await digestOf({ env: { B: "2", A: "1" }, command: "x" }), one);
  assert.notEqual(await digestOf({ command: "x", env: { A: "2", B: "1" } }), one);
  assert.notEqual(await digestOf({ argv: ["a", "b"] }), await digestOf({ argv: ["b", "a"] }));
  assert.match(one, /^[0-9a-f]{64}$/);
});
