import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "../../../lib/store/migrations/all.ts";
import { TextMerges } from "../../../lib/store/writer/text_merges.ts";
import { levelToMerge, readStructure } from "../../../lib/store/writer/text_structure.ts";

/** A full-text index into which `rows` were written one by one, and what merges it. */
function indexOf(rows: number, smallPages?: number) {
  const db = new DatabaseSync(":memory:");
  for (const migration of MIGRATIONS) migration(db);
  const insert = db.prepare("INSERT INTO job_text (rowid, text) VALUES (?, ?)");
  for (let i = 1; i <= rows; i++) insert.run(i, `copy number ${i}\n\n`);
  let transactions = 0;
  const merges = new TextMerges(db, {
    transaction(work) {
      transactions++;
      return work();
    },
  }, smallPages);
  const found = (word: string) => db.prepare("SELECT rowid FROM job_text WHERE text MATCH ?").all(`"${word}"`).length;
  return { db, merges, found, levels: () => merges.levels("job_text"), transactions: () => transactions };
}

const total = (levels: { segments: number; rows: number; removed: number }[]) => ({
  segments: levels.reduce((sum, level) => sum + level.segments, 0),
  rows: levels.reduce((sum, level) => sum + level.rows, 0),
  removed: levels.reduce((sum, level) => sum + level.removed, 0),
});

Deno.test("the full-text index is not merged by its own doing, and its structure reads as it is", () => {
  const { db, levels } = indexOf(100);
  assert.deepEqual(total(levels()), { segments: 100, rows: 100, removed: 0 });
  assert.equal(levels()[0]?.segments, 100);
  db.exec("DELETE FROM job_text WHERE rowid <= 30");
  assert.equal(total(levels()).removed, 30);
  db.close();
});

Deno.test("small segments are merged until few are left, and everything is still found", () => {
  const { db, merges, found, levels, transactions } = indexOf(1500);
  for (const _ of merges.small());
  assert.ok(total(levels()).segments < 16, JSON.stringify(levels()));
  assert.equal(total(levels()).rows, 1500);
  assert.equal(levelToMerge(levels(), 8), undefined);
  assert.equal(found("copy"), 1500);
  assert.equal(found("number 1234"), 1);
  assert.ok(transactions() > 0);
  db.close();
});

Deno.test("what is not small is left alone, and merged when nobody waits", () => {
  const { db, merges, found, levels } = indexOf(200, 10);
  for (const _ of merges.small());
  assert.equal(total(levels()).segments, 200);
  for (let steps = 0; merges.hasLarge; steps++) {
    assert.ok(steps < 1000, "it comes to no end");
    for (const _ of merges.large());
  }
  assert.ok(total(levels()).segments < 8);
  assert.equal(found("copy"), 200);
  db.close();
});

Deno.test("writes that outrun all merging are taken, more than there may be segments", () => {
  const { db, found, levels } = indexOf(2500);
  assert.equal(found("copy"), 2500);
  assert.ok(total(levels()).segments < 1000);
  db.close();
});

Deno.test("segments of which a tenth was removed are written anew without it", () => {
  const { db, merges, found, levels } = indexOf(500);
  for (const _ of merges.small());
  while (merges.hasLarge) for (const _ of merges.large());
  db.exec("DELETE FROM job_text WHERE rowid <= 100");
  assert.equal(merges.hasLarge, true);
  for (let steps = 0; merges.hasLarge; steps++) {
    assert.ok(steps < 1000, "it comes to no end");
    for (const _ of merges.large());
  }
  assert.ok(total(levels()).removed < 50, JSON.stringify(levels()));
  assert.equal(found("copy"), 400);
  db.close();
});

Deno.test("it is time to merge after every 32 commits", () => {
  const { db, merges } = indexOf(0);
  assert.deepEqual([31, 1, 1, 40].map((commits) => merges.wrote(commits)), [false, true, false, true]);
  assert.deepEqual([...merges.small()], []);
  db.close();
});

Deno.test("an empty structure has no levels", () => {
  assert.deepEqual(readStructure(new Uint8Array([0, 0, 0, 0, 0, 0, 0])), []);
  assert.deepEqual(readStructure(new Uint8Array([0, 0, 0, 0, 0xff, 0, 0, 1, 0, 0, 0])), []);
});
