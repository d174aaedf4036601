import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import { parseStrictJson } from "../../../routes/strict_json.ts";

Deno.test("JSON without repeated names is read as the runtime reads it", () => {
  for (
    const text of [
      "{}",
      "[]",
      "null",
      ' "{\\"a\\":1,\\"a\\":2}" ',
      '{"a":{"a":{"a":[{"a":1},{"a":2}]}},"b":"a"}',
      '{"a":"\\\\","b":["a","a",",{\\""]}',
      '[{"a":1},{"a":1},[["a","a"]]]',
      '{"constructor":1,"toString":2,"prototype":3}',
      '{"":1," ":2}',
      '{"é":1,"e\u0301":2}',
    ]
  ) {
    assert.deepEqual(parseStrictJson(text), JSON.parse(text), text);
  }
});

for (
  const [text, pointer] of [
    ['{"a":1,"a":1}', "/a"],
    ['{"a":1,"b":{"a":2},"a":3}', "/a"],
    ['{"a":[0,{"b":1},{"b":1,"c":[],"b":2}]}', "/a/2/b"],
    ['{"a":1,"\\u0061":2}', "/a"],
    ['{"a/~":{"x":{},"x":{}}}', "/a~1~0/x"],
    ['{"":1,"":2}', "/"],
    ['{"labels":{"__proto__":"x"}}', "/labels/__proto__"],
    ['{"__prot\\u006f__":{"admin":true}}', "/__proto__"],
  ] as const
) {
  Deno.test(`${text} is refused at ${pointer}`, () => {
    assert.throws(() => parseStrictJson(text), (error) => {
      return error instanceof Problem && error.code === "invalid_request" &&
        error.extras.errors?.[0]?.pointer === pointer;
    });
  });
}

Deno.test("what is no JSON is a SyntaxError before anything else", () => {
  for (const text of ["", "{", '{"a":1,"a":2', "{'a':1}", '{"a":1,}', "\ufeff{}", "[1,,2]"]) {
    assert.throws(() => parseStrictJson(text), SyntaxError, text);
  }
});

Deno.test("a hundred thousand levels are read without running out of stack", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  assert.ok(Array.isArray(parseStrictJson(deep)));
  assert.throws(() => parseStrictJson(deep.replace("[]", '[{"a":1,"a":2}]')), Problem);
});

Deno.test("long strings are read, of escapes too", () => {
  for (const text of ["x".repeat(4_000_000), "\\n".repeat(2_000_000)]) {
    assert.throws(() => parseStrictJson(`{"a":"${text}","a":1}`), Problem);
  }
});
