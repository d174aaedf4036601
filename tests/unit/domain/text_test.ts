import assert from "node:assert/strict";
import { fold, words } from "../../../lib/domain/text.ts";

Deno.test("folding makes upper and lower case meet in every script", () => {
  for (
    const [a, b] of [["ПРИВЕТ Ёж", "привет ёж"], ["STRASSE", "straße"], ["ΟΔΟΣ", "οδοσ"], ["Ä", "ä"], [
      "I",
      "i",
    ]] as const
  ) {
    assert.equal(fold(a), fold(b));
  }
});

Deno.test("folding makes composed and decomposed letters meet", () => {
  assert.equal(fold("й"), fold("и\u0306"));
});

Deno.test("folding leaves other characters alone", () => {
  assert.equal(fold("日本 🚀 42_%"), "日本 🚀 42_%");
});

Deno.test("a query is its folded words, each once", () => {
  assert.deepEqual(words("  Резерв backup\tрезерв\n"), ["резерв", "backup"]);
  assert.deepEqual(words(" "), []);
});
