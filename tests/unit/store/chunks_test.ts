import { deepEqual, equal, ok } from "node:assert/strict";
import { CHUNK, chunks, OVERLAP } from "../../../lib/store/chunks.ts";

Deno.test("a short text is one chunk, and an empty one none", () => {
  deepEqual([...chunks("a b")], ["a b"]);
  deepEqual([...chunks("")], []);
  deepEqual([...chunks("x".repeat(CHUNK))], ["x".repeat(CHUNK)]);
});

Deno.test("a text is cut at white space, so that its words stay whole", () => {
  const words = Array.from({ length: 20_000 }, (_, i) => `w${i}`);
  const cut = [...chunks(words.join("\n"))];
  ok(cut.length > 1);
  deepEqual(cut.flatMap((chunk) => chunk.split("\n")), words);
});

Deno.test("a text without white space is cut with an overlap and without tearing characters", () => {
  const text = `a${"\u{1F600}".repeat(CHUNK)}`;
  const cut = [...chunks(text)];
  for (const chunk of cut) ok(chunk.isWellFormed() && chunk.length <= CHUNK);
  for (let i = 1; i < cut.length; i++) ok(cut[i - 1]!.endsWith(cut[i]!.slice(0, OVERLAP)));
  let whole = cut[0]!;
  for (const chunk of cut.slice(1)) whole += chunk.slice(overlap(whole, chunk));
  equal(whole.length, text.length);
});

function overlap(before: string, after: string): number {
  for (let n = OVERLAP + 1; n > 0; n--) if (before.endsWith(after.slice(0, n))) return n;
  return 0;
}
