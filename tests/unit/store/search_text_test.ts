import { deepEqual, equal } from "node:assert/strict";
import { matchAll, queryWords, searchable, searchableJob } from "../../../lib/store/search_text.ts";

Deno.test("words are told apart by their characters, not by their bytes or code units", () => {
  deepEqual(queryWords("ABC я \u{1F600}\u{1F600} Ёлка \u{1F600}\u{1F600}\u{1F600}"), {
    long: ["abc", "ёлка", "\u{1F600}\u{1F600}\u{1F600}"],
    short: ["я", "\u{1F600}\u{1F600}"],
  });
});

Deno.test("a full-text expression quotes its words", () => {
  equal(matchAll(['a"b', "NOT", "x*"]), '"a""b" AND "NOT" AND "x*"');
});

Deno.test("searchable text is folded and holds no NUL", () => {
  equal(searchable("ПРИВЕТ\0"), "привет\u2400");
});

Deno.test("a job's searchable text holds its command, its name and its labels in both spellings", () => {
  equal(
    searchableJob({ argv: ["Cp", "a b"], name: "Имя", labels: { K: "V" }, grace: 5, priority: 0 }),
    "cp 'a b'\nимя\nk:v\nk=v",
  );
});
