import assert from "node:assert/strict";
import { LogWindow } from "../../../ui/log/log_window.ts";
import { cutPiece, rowsOf, type Stream } from "../../../ui/log/pieces.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a piece is cut at lines, but for the ends of the whole", () => {
  const whole = bytes("one\ntwo\nthree");
  const cut = (first: boolean, last: boolean) => {
    const { start, end, text } = cutPiece("stdout", 100, whole, { first, last });
    return [start, end, text];
  };
  assert.deepEqual(cut(true, true), [100, 113, "one\ntwo\nthree"]);
  assert.deepEqual(cut(false, true), [104, 113, "two\nthree"]);
  assert.deepEqual(cut(true, false), [100, 108, "one\ntwo\n"]);
  assert.deepEqual(cut(false, false), [104, 108, "two\n"]);
});

Deno.test("of too many lines those at one side are kept, and the place is right", () => {
  const many = bytes(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(""));
  const end = cutPiece("stdout", 7, many, { first: true, last: true, keep: "end" });
  assert.equal(end.text, new TextDecoder().decode(many.subarray(end.start - 7)));
  assert.match(end.text, /^12000\n[^]*\n19999\n$/);
  const start = cutPiece("stdout", 7, many, { first: true, last: true, keep: "start" });
  assert.deepEqual([start.start, start.text], [7, new TextDecoder().decode(many.subarray(0, start.end - 7))]);
  assert.match(start.text, /^0\n[^]*\n7999\n$/);
  const few = cutPiece("stdout", 0, bytes("a\nb"), { first: true, last: true, keep: "end" });
  assert.equal(few.text, "a\nb");
});

Deno.test("where there are no lines no character is cut", () => {
  const text = "жук🎉";
  const all = bytes(text);
  for (let from = 0; from <= all.length; from++) {
    for (let to = from; to <= all.length; to++) {
      const piece = cutPiece("stdout", from, all.subarray(from, to), { first: from === 0, last: to === all.length });
      assert.ok(text.includes(piece.text), `${from}-${to}: ${piece.text}`);
      assert.equal(bytes(piece.text).length, piece.end - piece.start);
    }
  }
});

Deno.test("rows are counted as a terminal breaks them", () => {
  assert.deepEqual(
    ["", "a", "a\n", "a\nb", "\n\n", "12345678901", "1234567890\n"].map((text) => rowsOf(text, 10)),
    [0, 1, 1, 2, 2, 2, 1],
  );
});

const piece = (start: number, text: string, stream: Stream = "stdout") => ({
  stream,
  start,
  end: start + text.length,
  text,
});
const window = (limits = {}) => new LogWindow({ text: 1000, rows: 1000, columns: 80, ...limits });

Deno.test("a window knows where each output begins and ends", () => {
  const shown = window();
  shown.append(piece(10, "ab\n"));
  shown.append(piece(13, "c\n"));
  shown.append(piece(5, "err\n", "stderr"));
  assert.deepEqual([shown.start("stdout"), shown.end("stdout"), shown.start("stderr"), shown.end("stderr")], [
    10,
    15,
    5,
    9,
  ]);
  assert.equal(shown.pieces.length, 2, "what follows on is one piece");
  shown.append(piece(15, "d\n"));
  assert.deepEqual([shown.start("stdout"), shown.end("stdout")], [10, 17]);
  assert.equal(window().start("stdout"), undefined);
});

Deno.test("what no longer fits leaves at the beginning, and comes back from there", () => {
  const shown = window({ text: 10 });
  shown.append(piece(0, "12345\n"));
  shown.append(piece(0, "x\n", "stderr"));
  shown.append(piece(6, "6789\n"));
  assert.equal(shown.start("stdout"), 6);
});

Deno.test("going back lets go of the end when it is too much, and says so", () => {
  const shown = window({ rows: 4 });
  shown.append(piece(20, "a\nb\n"));
  assert.equal(shown.prepend([piece(16, "c\nd\n")]), false);
  assert.equal(shown.prepend([piece(12, "e\nf\n")]), true);
  assert.deepEqual([shown.start("stdout"), shown.end("stdout")], [12, 20]);
});
