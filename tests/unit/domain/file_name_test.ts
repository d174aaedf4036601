import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import { checkFileName } from "../../../lib/domain/file_name.ts";

Deno.test("checkFileName takes plain names in any script", () => {
  for (
    const name of [
      "a",
      "отчёт 2024.txt",
      "🙂.png",
      "..a",
      ".hidden",
      ".partial2",
      "-rf",
      "%2e%2e",
      "я".repeat(127),
      "a:b",
      "two\nlines",
      'say "so"',
    ]
  ) {
    assert.equal(checkFileName(name), name);
  }
});

Deno.test("checkFileName refuses paths, directories, NUL and half characters, and what is too long", () => {
  const bad = [
    "",
    ".",
    "..",
    "/",
    "a/b",
    "../x",
    "/etc/passwd",
    "..\\x",
    "a\0b",
    "\ud800",
    ".partial",
  ];
  for (const name of [...bad, ".PARTIAL", "я".repeat(128), "a".repeat(256)]) {
    assert.throws(
      () => checkFileName(name),
      (error) => error instanceof Problem && error.code === "invalid_file_name",
      JSON.stringify(name),
    );
  }
});
