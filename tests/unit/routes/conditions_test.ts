import assert from "node:assert/strict";
import type { EtagCondition } from "../../../lib/domain/etag.ts";
import { Problem } from "../../../lib/domain/errors.ts";
import { type Conditions, expectation, judge } from "../../../routes/conditions.ts";

const given = (ifMatch?: EtagCondition, ifNoneMatch?: EtagCondition): Conditions => ({
  ...(ifMatch && { ifMatch }),
  ...(ifNoneMatch && { ifNoneMatch }),
});

Deno.test("the conditions of a write become what the store has to find", () => {
  assert.deepEqual(expectation(given()), { is: "any" });
  assert.deepEqual(expectation(given("*")), { is: "present" });
  assert.deepEqual(expectation(given(undefined, "*")), { is: "absent" });
  assert.deepEqual(expectation(given(['"3"', '"5"'])), { is: "version", oneOf: [3, 5] });
  assert.deepEqual(expectation(given(undefined, ['"3"', 'W/"5"'])), { is: "not_version", noneOf: [3, 5] });
});

Deno.test("weak and foreign entity tags never satisfy If-Match", () => {
  assert.deepEqual(expectation(given(['W/"3"', '"abc"', '""'])), { is: "version", oneOf: [] });
});

Deno.test("If-Match and If-None-Match together both have to hold", () => {
  assert.deepEqual(expectation(given(['"3"', '"5"'], ['"5"'])), { is: "version", oneOf: [3] });
  assert.deepEqual(expectation(given(['"3"'], "*")), { is: "version", oneOf: [] });
  assert.throws(() => expectation(given("*", ['"5"'])), Problem);
});

Deno.test("a read is answered, refused or told that nothing has changed", () => {
  assert.equal(judge(given(), '"3"'), "go on");
  assert.equal(judge(given(['"3"']), '"3"'), "go on");
  assert.equal(judge(given(['"4"']), '"3"'), "failed");
  assert.equal(judge(given(undefined, ['W/"3"']), '"3"'), "not modified");
  assert.equal(judge(given(undefined, "*"), '"3"'), "not modified");
  assert.equal(judge(given(undefined, ['"4"']), '"3"'), "go on");
});
