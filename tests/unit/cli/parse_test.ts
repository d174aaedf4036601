import assert from "node:assert/strict";
import type { CommandSpec } from "../../../cli/command.ts";
import { CliError } from "../../../cli/errors.ts";
import { parse } from "../../../cli/parse.ts";

const SPEC: CommandSpec = {
  arguments: [{ name: "word", help: "one" }, { name: "more", help: "others", optional: true, variadic: true }],
  options: [
    { flags: "-f, --follow", help: "" },
    { flags: "-n, --tail <lines>", help: "" },
    { flags: "--start-at <time>", help: "" },
    { flags: "-l, --label <label>", help: "", repeatable: true },
  ],
  examples: [],
};

Deno.test("options may stand anywhere, glued, with = and repeated", () => {
  const { args, options } = parse("x", SPEC, ["-fn3", "a", "--start-at=5m=x", "-l", "a=b", "b", "--label", "c", "-"]);
  assert.deepEqual(args, ["a", "b", "-"]);
  assert.deepEqual(options, { follow: true, tail: "3", startAt: "5m=x", label: ["a=b", "c"] });
});

Deno.test("a value may begin with a minus, and so may an argument that is a number", () => {
  assert.deepEqual(parse("x", SPEC, ["-n", "-3", "-5"]), { args: ["-5"], options: { tail: "-3" } });
});

Deno.test("what is behind -- is taken as it is: as arguments, or apart where a command asks for that", () => {
  assert.deepEqual(parse("x", SPEC, ["-f", "--", "-n", "--nope"]).args, ["-n", "--nope"]);
  const apart = parse("x", { ...SPEC, arguments: [], takesRest: "words" }, ["-f", "--", "-n", "--", "b"]);
  assert.deepEqual([apart.args, apart.rest], [[], ["-n", "--", "b"]]);
});

Deno.test("what makes no sense is refused with exit code 2, and with what may have been meant", () => {
  const cases: [string[], RegExp, RegExp][] = [
    [["a", "--folow"], /unknown option --folow/, /Did you mean --follow\?/],
    [["a", "-z"], /unknown option -z/, /stint help x/],
    [["a", "--follow=1"], /--follow takes no value/, /stint help x/],
    [["a", "--tail"], /--tail wants a value: --tail <lines>/, /stint help x/],
    [[], /word is missing: one/, /stint help x/],
  ];
  for (const [words, message, hint] of cases) {
    assert.throws(() => parse("x", SPEC, words), (error: CliError) => {
      assert.ok(error instanceof CliError);
      assert.deepEqual(
        [error.code, message.test(error.message), hint.test(error.hint!)],
        [2, true, true],
        error.message,
      );
      return true;
    });
  }
  assert.throws(() => parse("x", { examples: [] }, ["a"]), /"a" is one word too many/);
});

Deno.test("--help goes before what is missing", () => {
  assert.equal(parse("x", SPEC, ["--help"]).options.help, true);
});
