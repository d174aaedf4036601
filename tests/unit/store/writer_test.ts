import { deepEqual, equal, throws } from "node:assert/strict";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openForWriting, prepareDatabase } from "../../../lib/store/database.ts";
import { Ballast } from "../../../lib/store/writer/ballast.ts";
import { CommitMemory } from "../../../lib/store/writer/commit_memory.ts";
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
  });
});

Deno.test("when there is no room a write is refused as such and changes nothing, and with room again it is taken", async () => {
  await withWriter((writer, db) => {
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
    equal(writer.commitAll([put("more", filler)])[0]!.outcome, "committed");
    equal(writer.version(), before + 1);
  });
});

Deno.test("the ballast is given up once, and comes back", async () => {
  const directory = await Deno.makeTempDir();
  const ballast = new Ballast(join(directory, "ballast"));
  equal(ballast.release(), false);
  const fresh = new Ballast(ballast.path);
  fresh.restore();
  equal((await Deno.stat(ballast.path)).size, 1024 * 1024);
  equal(fresh.release(), true);
  equal(fresh.release(), false);
  throws(() => Deno.statSync(ballast.path), Deno.errors.NotFound);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("the answers to the latest commits are remembered, and no more", () => {
  const memory = new CommitMemory(2);
  for (const id of ["a", "b", "c"]) memory.set(id, { outcome: "committed", applied: [] });
  equal(memory.get("a"), undefined);
  deepEqual(memory.get("c"), { outcome: "committed", applied: [] });
});

async function withWriter(test: (writer: Writer, db: DatabaseSync) => void): Promise<void> {
  const directory = await Deno.makeTempDir();
  const path = join(directory, "stint.db");
  await prepareDatabase(path);
  const db = openForWriting(path);
  try {
    test(new Writer(db, new Ballast(join(directory, "ballast")), 1000), db);
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
