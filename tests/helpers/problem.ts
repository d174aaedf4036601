/** Expecting a problem by its code. */

import assert from "node:assert/strict";
import { type ErrorCode, Problem } from "../../lib/domain/errors.ts";

/** Waits for a refusal with that code and gives it back. */
export async function rejectsWith(
  code: ErrorCode,
  action: Promise<unknown> | (() => Promise<unknown>),
): Promise<Problem> {
  let caught: unknown;
  await assert.rejects(action, (error) => {
    caught = error;
    return true;
  });
  assert.ok(caught instanceof Problem, `expected the problem ${code}, got ${caught}`);
  assert.equal(caught.code, code, caught.message);
  return caught;
}
