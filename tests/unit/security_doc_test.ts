import assert from "node:assert/strict";
import { existsSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const text = Deno.readTextFileSync(new URL("docs/security.md", root));

Deno.test("every test that docs/security.md names as a proof is there and has tests in it", () => {
  const named = new Set(Array.from(text.matchAll(/`(tests\/[\w/.-]+_test\.ts)`/g), ([, path]) => path!));
  assert.ok(named.size >= 30, `${named.size} are named`);
  for (const path of named) {
    assert.ok(existsSync(new URL(path, root)), path);
    assert.match(Deno.readTextFileSync(new URL(path, root)), /Deno\.test\(/, path);
  }
});

Deno.test("every other path and page that docs/security.md names is there", () => {
  const paths = Array.from(text.matchAll(/`((?:tests|docs|lib|routes)\/[\w/.-]*)`/g), ([, path]) => path!);
  const pages = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, path]) => `docs/${path}`);
  assert.ok(paths.length > 0 && pages.length > 0);
  for (const path of [...paths, ...pages]) assert.ok(existsSync(new URL(path, root)), path);
});

Deno.test("every threat in docs/security.md has a defence and a proof", () => {
  const rows = text.split("\n").filter((line) => /^\| /.test(line) && !/^\| (threat|-)/.test(line));
  assert.ok(rows.length >= 25, `${rows.length} rows`);
  for (const row of rows) {
    const [threat, defence, proof, ...rest] = row.replace(/^\| /, "").replace(/ \|$/, "").split(" | ");
    assert.deepEqual(rest, [], row);
    assert.ok(threat!.trim().length > 3 && defence!.trim().length > 10, row);
    assert.match(proof!, /`tests\/[\w/.-]+_test\.ts`/, row);
  }
});
