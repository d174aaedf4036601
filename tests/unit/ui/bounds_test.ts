import assert from "node:assert/strict";
import { isWithin, lineOf, wordsOf } from "../../../ui/logic/bounds.ts";
import { specOf } from "../../../ui/logic/job_form.ts";

const BOUNDS = { commands: { prefixes: [["./deploy", "to here"], ["echo"]] } };

Deno.test("what a bound token may run is told by how its line begins, word by word", () => {
  assert.equal(isWithin(BOUNDS, "./deploy 'to here' now"), true);
  assert.equal(isWithin(BOUNDS, "echo"), true);
  assert.equal(isWithin(BOUNDS, "echoes"), false);
  assert.equal(isWithin(BOUNDS, "./deploy to here"), false);
  assert.equal(isWithin({ queues: ["a"] }, "anything"), true);
  assert.equal(isWithin(undefined, "anything"), true);
});

Deno.test("a line is taken apart into words as it is put together from them", () => {
  for (const words of [["echo", "a b", "it's", '"', "$HOME", "", "\\", "привет"], ["./x", "--a=b,c:d"]]) {
    assert.deepEqual(wordsOf(lineOf(words)), words);
  }
  assert.deepEqual(wordsOf('  say  "a \\"b\\" c"d\\ e  '), ["say", 'a "b" cd e']);
  assert.throws(() => wordsOf("echo 'a"), /quote/);
});

Deno.test("a form asks for words where no shell may look at them, and for jobs by their numbers", () => {
  const form = (fields: Record<string, string>) => (name: string) => fields[name] ?? "";
  assert.deepEqual(specOf(form({ command: "echo 'a b'" }), true), { argv: ["echo", "a b"] });
  assert.deepEqual(specOf(form({ command: "x", after: "12, 13" })), { command: "x", after: [12, 13] });
  assert.throws(() => specOf(form({ command: "x", after: "12, last" })), /not as last/);
});
