import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openForWriting, prepareDatabase } from "../../../lib/store/database.ts";
import { Ballast } from "../../../lib/store/writer/ballast.ts";
import { CommitMemory } from "../../../lib/store/commit_memory.ts";
import { Writer } from "../../../lib/store/writer/writer.ts";
import type { Change, Commit } from "../../../lib/services/ports/store.ts";

Deno.test("one commit that cannot be written does not take the others of its group down", async () => {
  await withWriter((writer, db) => {
    const unwritable = put("b", "2");
    // Not a record at all: binding it fails.
    (unwritable.changes[0] as { value: unknown }).value = { key: "b", value: { not: "bytes" }, expires: null };
    const answers = writer.commitAll([put("a", "1"), unwritable, put("c", "3")]);
    deepEqual(answers.map(({ outcome }) => outcome), ["committed", "refused", "committed"]);
    deepEqual(keysIn(db), ["a", "c"]);
    equal(writer.version(), 2);
    deepEqual(db.prepare("SELECT n FROM counters WHERE name = 'keys'").all().map(({ n }) => n), [2]);
  });
});

Deno.test("the feed keeps what it is told to and not much more, and its newest entry whatever it is told", async () => {
  for (const keepChanges of [1, 1000]) {
    await withWriter((writer, db) => {
      for (let i = 1; i <= 400; i++) {
        writer.commitAll(Array.from({ length: 10 }, (_, n) => put(`k${n}`, `${i}`)));
        const { oldest, newest, kept } = db.prepare(
          "SELECT min(version) AS oldest, max(version) AS newest, count(*) AS kept FROM changes",
        ).get() as Record<string, number>;
        equal(newest, 10 * i);
        equal(kept, newest! - oldest! + 1, "there is no gap");
        ok(kept! >= Math.min(10 * i, keepChanges) && kept! < keepChanges + 300, `${kept} of ${10 * i}`);
      }
    }, keepChanges);
  }
});

Deno.test("when there is no room a write is refused as such and changes nothing, and with room again it is taken", async () => {
  await withWriter(async (writer, db) => {
    const filler = "x".repeat(1000);
    equal(writer.commitAll([put("keep", filler)])[0]!.outcome, "committed");
    const { page_count } = db.prepare("PRAGMA page_count").get() as { page_count: number };
    db.exec(`PRAGMA max_page_count = ${page_count}`);
    let refused = 0;
    for (let i = 0; refused === 0; i++) {
      const [answer] = writer.commitAll([put(`k${i}`, filler)]);
      if (answer!.outcome !== "refused") continue;
      refused++;
      equal(answer!.code, "storage_full");
    }
    const before = writer.version();
    equal(writer.commitAll([put("more", filler)])[0]!.outcome, "refused");
    equal(writer.version(), before);
    db.exec("PRAGMA max_page_count = 1000000");
    while (writer.commitAll([put("more", filler)])[0]!.outcome === "refused") {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    equal(writer.version(), before + 1);
  });
});

Deno.test("the ballast is taken up once there is room for it, found again, and given up", async () => {
  const directory = await Deno.makeTempDir();
  const path = join(directory, "ballast");
  equal(new Ballast(join(directory, "missing", "ballast")).ready(() => {}), false);
  equal(new Ballast(path).ready(() => {}), true);
  const { size, mtime } = await Deno.stat(path);
  ok(size > 4 * 1024 * 1024);
  const found = new Ballast(path);
  equal(found.ready(() => {}), true);
  deepEqual((await Deno.stat(path)).mtime, mtime);
  found.release();
  found.release();
  throws(() => Deno.statSync(path), Deno.errors.NotFound);
  equal(found.ready(() => {}), false, "not at once");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("without its reserve the store takes removals, and answers to commits it knows, but nothing new", async () => {
  const directory = await Deno.makeTempDir();
  const path = join(directory, "stint.db");
  await prepareDatabase(path);
  const db = openForWriting(path);
  const ballast = new Ballast(join(directory, "ballast"));
  const writer = new Writer(db, { ballast, keepChanges: 1000 });
  const first = put("a", "1");
  const [answer] = writer.commitAll([first]);
  ballast.release();
  const removal: Commit = {
    ...put("a", ""),
    changes: [{ kind: "key", id: "a", expect: { is: "present" }, value: null }],
  };
  const answers = writer.commitAll([put("b", "2"), first, removal]);
  deepEqual(answers.map(({ outcome }) => outcome), ["refused", "committed", "committed"]);
  deepEqual(answers[1], answer);
  deepEqual(keysIn(db), []);
  db.close();
  await Deno.remove(directory, { recursive: true });
});

Deno.test("the answers to the latest commits are remembered, and at last forgotten", () => {
  const memory = new CommitMemory(3);
  const answer = { outcome: "committed" as const, applied: [] };
  for (let i = 0; i < 100; i++) {
    memory.set(`c${i}`, answer);
    for (let back = 0; back < 3 && back <= i; back++) equal(memory.get(`c${i - back}`), answer);
    equal(memory.get(`c${i - 6}`), undefined);
  }
});

async function withWriter(
  test: (writer: Writer, db: DatabaseSync) => void | Promise<void>,
  keepChanges = 1000,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const path = join(directory, "stint.db");
  await prepareDatabase(path);
  const db = openForWriting(path);
  try {
    await test(new Writer(db, { ballast: new Ballast(join(directory, "ballast")), keepChanges }), db);
  } finally {
    db.close();
    await Deno.remove(directory, { recursive: true });
  }
}

function put(id: string, text: string): Commit {
  const value = { key: id, value: new TextEncoder().encode(text), expires: null };
  const change: Change = { kind: "key", id, expect: { is: "any" }, value };
  return { id: crypto.randomUUID(), at: 0, changes: [change] };
}

function keysIn(db: DatabaseSync): unknown[] {
  return db.prepare("SELECT key FROM keys ORDER BY key").all().map(({ key }) => key);
}
