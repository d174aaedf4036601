import { deepEqual, equal, throws } from "node:assert/strict";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openForWriting, prepareDatabase } from "../../../lib/store/database.ts";
import { openStore } from "../../../lib/store/open.ts";
import { DiskFull } from "../../../lib/store/sqlite_error.ts";
import { Ballast } from "../../../lib/store/writer/ballast.ts";
import { OutputIndex, type Steps } from "../../../lib/store/writer/output_index.ts";
import { Writer } from "../../../lib/store/writer/writer.ts";
import { commitOf, putJob } from "../../conformance/harness.ts";
import { endedJob } from "../../conformance/subjects.ts";
import { eventually } from "../../helpers/eventually.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const LONG = "много слов ".repeat(20_000);

Deno.test("an output whose indexing was cut off is collected by the next writer", async () => {
  await withIndex((index, db, writer) => {
    writer.commitAll([commitOf([putJob(endedJob(1))])]);
    some(index.index(1, [LONG]), 3);
    equal(chunksIn(db) > 0, true);
    all(new OutputIndex(db, writer).collect());
    equal(chunksIn(db), 0);
  });
});

Deno.test("an output that was indexed to its end is not collected", async () => {
  await withIndex((index, db, writer) => {
    writer.commitAll([commitOf([putJob(endedJob(1))])]);
    all(index.index(1, [LONG]));
    const before = chunksIn(db);
    all(index.collect());
    equal(chunksIn(db), before);
  });
});

Deno.test("of a job that is removed while its output is indexed nothing is left", async () => {
  await withIndex((index, db, writer) => {
    writer.commitAll([commitOf([putJob(endedJob(1))])]);
    const steps = index.index(1, [LONG]);
    some(steps, 3);
    writer.commitAll([commitOf([{ kind: "job", id: 1, expect: { is: "any" }, value: null }])]);
    all(steps);
    equal(chunksIn(db), 0);
    deepEqual(db.prepare("SELECT * FROM output_garbage").all(), []);
  });
});

Deno.test("without its reserve the store indexes nothing, and still removes what was indexed", async () => {
  await withIndex((index, db, writer) => {
    writer.commitAll([commitOf([putJob(endedJob(1))])]);
    all(index.index(1, [LONG]));
    const before = chunksIn(db);
    writer.ballast.release();
    throws(() => all(index.index(1, ["anew"])), DiskFull);
    equal(chunksIn(db), before);
    all(index.drop(1));
    equal(chunksIn(db), 0);
  });
});

Deno.test("a store that opens goes on removing what was to be removed", async () => {
  await using directory = await tempDir();
  await (await openStore({ directory: directory.path })).close();
  const edit = (sql: string) => {
    const db = openForWriting(join(directory.path, "stint.db"));
    const rows = db.prepare(sql).all();
    db.close();
    return rows;
  };
  edit("INSERT INTO output_chunks VALUES (65536, 'text')");
  edit("INSERT INTO output_garbage VALUES (1)");
  const store = await openStore({ directory: directory.path });
  await eventually("it is gone", () => edit("SELECT * FROM output_chunks").length === 0);
  await store.close();
});

async function withIndex(test: (index: OutputIndex, db: DatabaseSync, writer: Writer) => void): Promise<void> {
  await using directory = await tempDir({ inMemory: true });
  const path = join(directory.path, "stint.db");
  await prepareDatabase(path);
  const db = openForWriting(path);
  try {
    const writer = new Writer(db, { ballast: new Ballast(join(directory.path, "ballast")), keepChanges: 1000 });
    test(new OutputIndex(db, writer), db, writer);
  } finally {
    db.close();
  }
}

function some(steps: Steps, count: number): void {
  for (let i = 0; i < count; i++) equal(steps.next().done, false);
}

function all(steps: Steps): void {
  while (!steps.next().done);
}

function chunksIn(db: DatabaseSync): number {
  return (db.prepare("SELECT count(*) AS n FROM output_chunks").get() as { n: number }).n;
}
