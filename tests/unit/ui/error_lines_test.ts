import assert from "node:assert/strict";
import { isErrorLine, nextErrorLine } from "../../../ui/log/error_lines.ts";

Deno.test("lines that speak of an error are known, in English and Russian", () => {
  for (
    const line of [
      "error: no such thing",
      "npm ERR! Error: ENOENT",
      "make: *** [all] Error 2",
      "Traceback (most recent call last):",
      "thread 'main' panicked at src/main.rs",
      "cp: cannot stat '/x': No such file or directory",
      "FATAL something",
      "3 failed, 10 passed",
      "Ошибка: файл занят",
      "sh: foo: not found",
      "TypeError: x is not a function",
    ]
  ) assert.ok(isErrorLine(line), line);
});

Deno.test("lines that say there is none, or only sound like it, are not", () => {
  for (
    const line of [
      "0 errors, 2 warnings",
      "Errors: 0",
      "no failures",
      "mirror synced",
      "terror alert",
      "--fail-fast is set",
      "",
      "безошибочно",
    ]
  ) assert.ok(!isErrorLine(line), line);
});

Deno.test("the next one is found in both directions, round the ends", () => {
  const lines = ["error a", "fine", "error c", "error b", "fine"];
  const next = (from: number, direction: 1 | -1) => nextErrorLine((i) => lines[i]!, lines.length, from, direction);
  assert.deepEqual([next(-1, 1), next(0, 1), next(3, 1)], [0, 2, 0]);
  assert.deepEqual([next(5, -1), next(3, -1), next(2, -1), next(0, -1)], [3, 2, 0, 3]);
  assert.equal(nextErrorLine(() => "fine", 3, 0, 1), -1);
});
