import assert from "node:assert/strict";
import { CliError, complaint } from "../../../cli/errors.ts";
import { table } from "../../../cli/table.ts";
import { plain, plainJson, plainPage } from "../../../cli/terminal/plain.ts";

/** One of every kind: ESC, OSC 52, BEL, C1 (CSI, OSC), bidirectional marks, line ends that are none, DEL. */
const ORDERS = "\x1b[2J\x1b]52;c;aGk=\x07\x9b2J\x9d0;t\x9c\u202Ertl\u2066\u200F\u061C\u2028\x7f\b\r\n";
// deno-lint-ignore no-control-regex
const HARMFUL = /[\x00-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/;

Deno.test("text of others has nothing left in it that a terminal obeys, and shows what was there", () => {
  assert.doesNotMatch(plain(ORDERS), HARMFUL);
  assert.ok(plain(ORDERS).startsWith("␛[2J␛]52;c;aGk=␇\uFFFD2J"));
  assert.equal(plain("Ночная сборка 日本 👩‍🚀 é"), "Ночная сборка 日本 👩‍🚀 é");
});

Deno.test("a page keeps its own colours, tabs and line ends, and nothing else", () => {
  assert.equal(plainPage("\x1b[31mred\x1b[0m\tand\n"), "\x1b[31mred\x1b[0m\tand\n");
  assert.doesNotMatch(plainPage(ORDERS).replaceAll("\n", ""), HARMFUL);
});

Deno.test("JSON means the same and holds no such character", () => {
  const json = plainJson(JSON.stringify({ text: ORDERS }, undefined, 2));
  assert.deepEqual(JSON.parse(json), { text: ORDERS });
  assert.doesNotMatch(json.replaceAll("\n", ""), HARMFUL);
});

Deno.test("neither a table nor an error hands on what is in a name or a message", () => {
  assert.doesNotMatch(table(["A", "B"], [[ORDERS, ORDERS]]).replaceAll("\n", ""), HARMFUL);
  const error = new CliError(`There is no ${ORDERS}`, 3, ORDERS);
  for (const asJson of [false, true]) assert.doesNotMatch(complaint(error, asJson), HARMFUL);
});

Deno.test("an error is a sentence with what to do for people, and an object for programs", () => {
  const error = new CliError("There is no job 7", 3, "`stint ps` lists them.");
  assert.equal(complaint(error, false), "stint: There is no job 7. `stint ps` lists them.");
  assert.deepEqual(JSON.parse(complaint(error, true)), {
    error: { message: "There is no job 7", hint: "`stint ps` lists them.", exit_code: 3 },
  });
});
