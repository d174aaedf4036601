import assert from "node:assert/strict";
import { Prefixer } from "../../../cli/jobs/prefix.ts";
import { cutColoured, LastLines } from "../../../cli/terminal/last_lines.ts";
import { Style } from "../../../cli/terminal/sgr.ts";
import { widthOf } from "../../../cli/terminal/width.ts";

const HOSTILE = "\x1b]0;title\x07\x1b]52;c;aGk=\x1b\\\x1b[?1049l\x1b[10;10H\x1b[c\x07\x1bc\x1bP+q\x1b\\\x1b(0\x1b7";

/** Whatever is no SGR sequence and no visible character. */
function left(line: string): string {
  // deno-lint-ignore no-control-regex
  return line.replaceAll(/\x1b\[[\d;:]*m/g, "").replaceAll(/[^\x00-\x1F\x7F-\x9F]/g, "");
}

Deno.test("a style is what its sequences add up to", () => {
  const after = (...all: string[]) => {
    const style = new Style();
    all.forEach((each) => style.apply(each));
    return String(style);
  };
  assert.equal(after("31"), "\x1b[31m");
  assert.equal(after("31", "1", "32"), "\x1b[32;1m");
  assert.equal(after("1;38;5;33;4"), "\x1b[1;38;5;33;4m");
  assert.equal(after("38;2;1;2;3", "48:2::1:2:3"), "\x1b[38;2;1;2;3;48:2::1:2:3m");
  assert.equal(after("1;2;31", "22", "39"), "");
  for (const reset of ["", "0", "31;0"]) assert.equal(after("1;7;31;44", reset), "", reset);
  assert.equal(after("8"), "", "text cannot be hidden");
});

Deno.test("the last lines keep colours, over line ends too, and hold no other order however the pieces are cut", () => {
  const text = `plain\r\n\x1b[31mred\nstill\x1b[0m ${HOSTILE}end\tx\n10 %\r20 %\r\n\x1b[1mlast`;
  for (let size = 1; size <= text.length; size++) {
    const lines = new LastLines();
    for (let i = 0; i < text.length; i += size) lines.add(text.slice(i, i + size));
    const shown = lines.last(9);
    assert.deepEqual(shown.map(left), ["", "", "", "", ""], `${size}`);
    assert.deepEqual(shown.map((line) => cutColoured(line, 80, false)), [
      "plain",
      "red",
      "still end    x",
      "20 %",
      "last",
    ]);
    assert.ok(shown[2]!.startsWith("\x1b[31mstill\x1b[0m"), shown[2]);
  }
});

Deno.test("a sequence or a line without an end takes no more room than a little", () => {
  const lines = new LastLines();
  for (let i = 0; i < 1000; i++) lines.add(`\x1b]52;${"x".repeat(1000)}`);
  assert.ok(lines.last(9).join("").includes("xxx"), "it is taken for text");
  for (let i = 0; i < 1000; i++) lines.add("y".repeat(1000));
  assert.ok(lines.last(9).join("").length < 20_000);
  assert.equal(lines.last(9).map(left).join(""), "");
});

Deno.test("a coloured line is cut to its columns, and its colour ends with it", () => {
  const line = "\x1b[31mкрасный\x1b[0m \x1b[1m日本語\x1b[0m";
  assert.equal(cutColoured(line, 20, true), `${line}\x1b[0m`);
  for (let width = 1; width < 14; width++) {
    const cut = cutColoured(line, width, true);
    assert.ok(widthOf(cutColoured(cut, 99, false)) <= width, JSON.stringify(cut));
    assert.ok(cut.includes("…") && cut.endsWith("\x1b[0m"));
  }
});

Deno.test("behind a prefix a line goes on in the colour of the one before, and the prefix has none of it", () => {
  const prefixer = new Prefixer("7 | ");
  const decoder = new TextDecoder();
  const push = (text: string) => decoder.decode(prefixer.push(new TextEncoder().encode(text)));
  assert.equal(push("\x1b[31mone\ntwo\x1b[0m\nthree\n"), "7 | \x1b[31mone\x1b[0m\n7 | \x1b[31mtwo\x1b[0m\n7 | three\n");
});

Deno.test("a line that never ends is shown in parts, each behind the prefix", () => {
  const prefixer = new Prefixer("7 | ");
  let shown = 0;
  for (let i = 0; i < 100; i++) shown += prefixer.push(new Uint8Array(10_000).fill(120)).length;
  assert.ok(shown > 900_000, `${shown}`);
});
