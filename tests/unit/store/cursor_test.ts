import { deepEqual, match, throws } from "node:assert/strict";
import { readCursor, writeCursor } from "../../../lib/store/readers/cursor.ts";

Deno.test("a cursor gives back its position, and goes into a URL as it is", () => {
  const cursor = writeCursor({ q: "x" }, ["ключ/+?", 12.5]);
  match(cursor, /^[\w-]+$/);
  deepEqual(readCursor({ q: "x" }, cursor, "string", "number"), ["ключ/+?", 12.5]);
});

Deno.test("a cursor of another query, of other parts, or of another make is refused", () => {
  const cursor = writeCursor("a", [1]);
  for (
    const attempt of [
      () => readCursor("b", cursor, "number"),
      () => readCursor("a", cursor, "string"),
      () => readCursor("a", cursor, "number", "number"),
      () => readCursor("a", `${cursor}x!`, "number"),
      () => readCursor("a", "", "number"),
    ]
  ) throws(attempt, { name: "Problem", code: "invalid_request" });
});
