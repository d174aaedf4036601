import assert from "node:assert/strict";
import { barLine } from "../../../cli/terminal/progress.ts";
import { wantsColour } from "../../../cli/terminal/colour.ts";
import { plain } from "../../../cli/terminal/plain.ts";
import { cut, pad, widthOf } from "../../../cli/terminal/width.ts";
import { keysIn } from "../../../cli/terminal/keys.ts";
import { table } from "../../../cli/table.ts";
import { age, moment, seconds, size, spell } from "../../../cli/jobs/times.ts";
import { wrap } from "../../../cli/help_text.ts";

Deno.test("widths are those of a terminal: Cyrillic one column, Chinese and emoji two, accents none", () => {
  assert.deepEqual(["abc", "Ночная", "日本", "🦕", "👩‍🚀", "é", "", "❤️"].map(widthOf), [3, 6, 4, 2, 2, 1, 0, 2]);
});

Deno.test("text is cut between characters, and says so", () => {
  assert.equal(cut("Ночная сборка", 8), "Ночная …");
  assert.equal(cut("日本語", 5), "日本…");
  assert.equal(cut("日本語", 4), "日…");
  assert.equal(cut("short", 5), "short");
  assert.equal(cut("a", 0), "");
  assert.equal(pad("日", 4), "日  ");
});

Deno.test("nothing that is shown in a table gives orders to the terminal", () => {
  assert.equal(plain("a\x1b[2Jb\nc\x7f\x9bd"), "a␛[2Jb␊c␡\uFFFDd");
});

Deno.test("a table fits: only its last column is cut, and no line ends in spaces", () => {
  const text = table(["ID", "NAME", "COMMAND"], [["1", "два", "echo one two three"], ["10", "", "true"]], {
    width: 20,
  });
  assert.equal(text, "ID  NAME  COMMAND\n1   два   echo one …\n10        true");
  const narrow = table(["ID", "AGE", "COMMAND"], [["1", "long ago", "x".repeat(30)]], { width: 20, optional: [1] });
  assert.equal(narrow, `ID  COMMAND\n1   ${"x".repeat(15)}…`);
  for (const width of [20, 40, 80, 200]) {
    const wide = ["日本語".repeat(20), "x".repeat(60), "👩‍🚀".repeat(40)];
    for (const line of table(["KEY", "VERSION", "VALUE"], [wide], { width }).split("\n")) {
      assert.ok(widthOf(line) <= width, `${width}: ${line}`);
    }
  }
  assert.equal(
    table(["NAME", "X"], [["a".repeat(30), "b"]], { width: 80 }),
    `NAME${" ".repeat(28)}X\n${"a".repeat(30)}  b`,
  );
  const coloured = table(["A", "B"], [["x", ""]], { paint: (cell, row) => row === 0 ? `<${cell}>` : cell });
  assert.equal(coloured, "A  B\n<x>");
});

Deno.test("times and sizes are said shortly", () => {
  assert.deepEqual([0, 0.0204, 0.9999, 4.24, 59.96, 61, 3600, 7384, 90000].map(spell), [
    "0 ms",
    "20 ms",
    "1.0 s",
    "4.2 s",
    "1m",
    "1m 1s",
    "1h",
    "2h 3m",
    "1d 1h",
  ]);
  assert.deepEqual([0, 1023, 1024, 1536, 104_857_600, 1024 ** 4].map(size), [
    "0 B",
    "1023 B",
    "1.0 KiB",
    "1.5 KiB",
    "100 MiB",
    "1.0 TiB",
  ]);
  const now = Date.parse("2026-08-20T12:00:00Z");
  assert.deepEqual(
    ["2026-08-20T11:59:30Z", "2026-08-20T11:00:00Z", "2026-08-10T12:00:00Z"].map((each) => age(each, now)),
    ["30s", "1h", "10d"],
  );
});

Deno.test("times are read as seconds, with units, and as moments ago or ahead", () => {
  assert.deepEqual(["90", "1.5", "30s", "5m", "2h30m", "1d"].map((each) => seconds(each, "--t")), [
    90,
    1.5,
    30,
    300,
    9000,
    86_400,
  ]);
  for (const bad of ["", "soon", "5x", "m", "1h x", "-3"]) {
    assert.throws(() => seconds(bad, "--t"), /--t .*: expected seconds/, bad);
  }
  const now = Date.parse("2026-08-20T12:00:00Z");
  assert.equal(moment("2h", "--since", "ago", now), "2026-08-20T10:00:00.000Z");
  assert.equal(moment("90s", "--start-at", "ahead", now), "2026-08-20T12:01:30.000Z");
  assert.equal(moment("2026-08-20T03:00:00Z", "--since", "ago", now), "2026-08-20T03:00:00.000Z");
  assert.throws(() => moment("tomorrow", "--since", "ago", now), /--since tomorrow/);
});

Deno.test("colours are for terminals, unless NO_COLOR or --color says otherwise", () => {
  const env = (vars: Record<string, string>) => (name: string) => vars[name];
  assert.equal(wantsColour("auto", true, env({})), true);
  assert.equal(wantsColour("auto", false, env({})), false);
  assert.equal(wantsColour("auto", true, env({ NO_COLOR: "1" })), false);
  assert.equal(wantsColour("auto", true, env({ TERM: "dumb" })), false);
  assert.equal(wantsColour("always", false, env({ NO_COLOR: "1" })), true);
  assert.equal(wantsColour("never", true, env({})), false);
});

Deno.test("keys are known by name, several at once, and unknown ones are left out", () => {
  assert.deepEqual(keysIn("j\x1b[A\x1b[B\r\x03ж\x1b[15~\x1b"), ["j", "up", "down", "enter", "ctrl-c", "ж", "escape"]);
});

Deno.test("a bar fits its line and says how far, how fast and how long still", () => {
  const line = barLine({ name: "report.pdf", done: 512, total: 1024, rate: 128 }, 80);
  assert.match(line, /^report\.pdf {10,}50 % {2}\[#+-+\] {2}128 B\/s {2}4\.0 s left$/);
  assert.ok(Math.abs(line.split("#").length - line.split("-").length) <= 1, line);
  for (const width of [10, 20, 40, 200]) {
    assert.ok(widthOf(barLine({ name: "日本語.pdf", done: 1, total: 9, rate: 1 }, width)) <= width);
  }
  assert.match(barLine({ name: "a", done: 1, total: 9, rate: 0, state: "paused" }, 80), /paused$/);
  assert.match(barLine({ name: "a", done: 0, total: 0, rate: 0 }, 80), /100 % .* 0 B$/);
});

Deno.test("paragraphs are broken at spaces", () => {
  assert.equal(wrap("one two three four", 9), "one two\nthree\nfour");
});
