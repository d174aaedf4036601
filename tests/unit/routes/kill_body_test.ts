import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import { readConnId } from "../../../routes/kill_body.ts";

Deno.test("the connId to kill is read from JSON, from a form, and from what a shell leaves of JSON", () => {
  for (
    const text of ['{"connId":12}', ' {"connId": 12}\n', "connId=12", "{connId=12}", "{connId:12}", '{"connId"=12}']
  ) {
    assert.equal(readConnId(text), 12, text);
  }
});

Deno.test("a body that names no connId is refused", () => {
  const bodies = [
    "",
    "12",
    "[12]",
    "null",
    "{}",
    "connId=",
    "connId=-1",
    "connId=1.5",
    "connId=1&connId=2",
    "{connId=x}",
  ];
  const typed = [
    '{"connId":"12"}',
    '{"connId":-1}',
    '{"connId":1.5}',
    '{"connId":1,"x":2}',
    '{"connId":9007199254740992}',
  ];
  for (const text of [...bodies, ...typed, "connId=9007199254740992"]) {
    assert.throws(() => readConnId(text), Problem, text);
  }
});
