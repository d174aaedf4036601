/** Bytes that turn over, files that vanish, copies that are put back: each is noticed, and the way out is said. */

import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { DatabaseDamaged, DataLost, openStore } from "../../lib/store/open.ts";
import type { Store } from "../../lib/services/ports/store.ts";
import { decodeMarker, encodeMarker, type MarkerState } from "../../lib/store/marker/record.ts";
import { first } from "../../lib/store/migrations/0001_first.ts";
import { apply, commitOf, put, putJob, take } from "../conformance/harness.ts";
import { NOW, queuedJob, runningJob, someFile, someWorker } from "../conformance/subjects.ts";
import { eventually } from "../helpers/eventually.ts";
import { runProgram } from "../helpers/program.ts";
import { startService } from "../helpers/service.ts";
import { type TempDir, tempDir } from "../helpers/temp_dir.ts";

const DAMAGED = { name: "Problem", code: "storage_failed" };

const turnedOver: Record<
  string,
  { sql: string; read: (store: Store) => Promise<unknown>; sound: (store: Store) => Promise<unknown> }
> = {
  "a key's value": {
    sql: "UPDATE keys SET value = CAST('2' AS BLOB) WHERE key = 'a'",
    read: (store) => store.keys.get("a", NOW),
    sound: (store) => store.keys.get("b", NOW),
  },
  "a key's version": {
    sql: "UPDATE keys SET version = version + 1 WHERE key = 'a'",
    read: (store) => store.keys.get("a", NOW),
    sound: (store) => store.keys.get("b", NOW),
  },
  "a key's end": {
    sql: `UPDATE keys SET expires = ${NOW - 1} WHERE key = 'a'`,
    read: (store) => store.keys.get("a", NOW),
    sound: (store) => store.keys.get("b", NOW),
  },
  "a key in a list": {
    sql: "UPDATE keys SET key = 'aa' WHERE key = 'a'",
    read: (store) => store.keys.list({ limit: 10, now: NOW }),
    sound: (store) => store.keys.list({ limit: 10, now: NOW, prefix: "b" }),
  },
  "a job": {
    sql: "UPDATE job_docs SET doc = replace(doc, 'echo', 'ecco') WHERE id = 1",
    read: (store) => store.jobs.get(1),
    sound: (store) => store.jobs.get(2),
  },
  "a job's version": {
    sql: "UPDATE jobs SET version = 77 WHERE id = 1",
    read: (store) => store.jobs.queue(10, [{ name: "default", most: Infinity }]),
    sound: (store) => store.jobs.get(2),
  },
  "a listed job": {
    sql: "UPDATE job_docs SET doc = replace(doc, 'echo', 'ecco') WHERE id = 1",
    read: (store) => store.jobs.list({ sort: "created", limit: 10 }),
    sound: (store) => store.jobs.list({ sort: "-created", limit: 1 }),
  },
  "a worker": {
    sql: "UPDATE workers SET doc = replace(doc, 'running', 'runnimg')",
    read: (store) => store.workers.get("w"),
    sound: (store) => store.files.get("f"),
  },
  "an active worker": {
    sql: "UPDATE workers SET version = version + 1",
    read: (store) => store.workers.active(),
    sound: (store) => store.files.get("f"),
  },
  "a file": {
    sql: "UPDATE files SET doc = replace(doc, '00', '01')",
    read: (store) => store.files.get("f"),
    sound: (store) => store.workers.get("w"),
  },
  "a listed file": {
    sql: "UPDATE files SET doc = replace(doc, '00', '01')",
    read: (store) => store.files.list({ limit: 10 }),
    sound: (store) => store.workers.get("w"),
  },
};
for (const [what, { sql, read, sound }] of Object.entries(turnedOver)) {
  Deno.test(`${what} that turned over on the disk is refused when it is read, and nothing else is`, async () => {
    await using directory = await filled();
    const alarms: string[] = [];
    edit(directory, sql);
    const store = await openStore({ directory: directory.path, alarm: (message) => alarms.push(message) });
    try {
      await rejects(read(store), DAMAGED);
      ok(await sound(store));
    } finally {
      await store.close();
    }
  });
}

Deno.test("a key whose row turned over decides no condition and is not swept away, but can be written anew", async () => {
  await using directory = await filled();
  edit(directory, `UPDATE keys SET expires = ${NOW - 1} WHERE key = 'a'`);
  const store = await openStore({ directory: directory.path });
  try {
    await rejects(apply(store, put("a", "2", { is: "absent" })), DAMAGED);
    deepEqual(await store.keys.expired(NOW, 10), []);
    await apply(store, put("b", "2"));
    await apply(store, put("a", "3"));
    equal(new TextDecoder().decode((await store.keys.get("a", NOW))!.value.value), "3");
  } finally {
    await store.close();
  }
});

Deno.test("after an unclean stop rows that turned over are found without being asked for, and named", async () => {
  await using directory = await filled();
  edit(directory, "UPDATE keys SET value = CAST('2' AS BLOB) WHERE key = 'a'");
  edit(directory, "UPDATE job_docs SET doc = doc || ' ' WHERE id = 2");
  await markAs(directory, "open");
  const alarms: string[] = [];
  const store = await openStore({ directory: directory.path, alarm: (message) => alarms.push(message) });
  await eventually("it is found", () => alarms.length > 0);
  await store.close();
  match(alarms[0]!, /key a, job 2\. Write them anew, or restore a copy\.$/);
});

Deno.test("after an unclean stop damage to the structure ends the store, and the next start refuses it", async () => {
  await using directory = await filled();
  await markAs(directory, "open");
  // A whole page in the middle of it, which nobody needs in order to start.
  await overwritePageOf(directory, "job_docs");
  const store = await openStore({ directory: directory.path });
  match((await store.failed).message, /^The database is damaged: /);
  await rejects(apply(store, put("a", "2")), DAMAGED);
  await store.close();
  for (let i = 0; i < 2; i++) await rejects(openStore({ directory: directory.path }), DatabaseDamaged);
});

Deno.test("damage to the structure that a read comes upon ends the store, and the next start refuses it", async () => {
  await using directory = await filled();
  await overwritePageOf(directory, "job_docs");
  const store = await openStore({ directory: directory.path });
  await rejects(store.jobs.get(1), DAMAGED);
  match((await store.failed).message, /^The database is damaged: /);
  await store.close();
  await rejects(openStore({ directory: directory.path }), DatabaseDamaged);
});

Deno.test("damage to the structure that a write comes upon ends the store, and the next start refuses it", async () => {
  await using directory = await filled();
  await overwritePageOf(directory, "job_docs");
  const store = await openStore({ directory: directory.path });
  equal((await store.commit(commitOf([putJob(runningJob(1))]))).outcome, "unknown");
  match((await store.failed).message, /^The database is damaged: /);
  await store.close();
  await rejects(openStore({ directory: directory.path }), DatabaseDamaged);
});

Deno.test("a store that was thought damaged and is not goes on", async () => {
  await using directory = await filled();
  await markAs(directory, "suspect");
  const store = await openStore({ directory: directory.path });
  ok(await store.keys.get("a", NOW));
  await store.close();
});

const lost: Record<string, { written?: "singly"; lose: (directory: TempDir) => Promise<void>; says: RegExp }> = {
  "whose write-ahead log is gone": {
    lose: (directory) => Deno.remove(`${directory.path}/stint.db-wal`),
    says: /it is at version \d+, the marker beside it says \d+/,
  },
  "whose write-ahead log turned over in the middle": {
    lose: (directory) => turnOver(`${directory.path}/stint.db-wal`, 32 + 24 + 4096 + 100),
    says: /it is at version \d+, the marker beside it says \d+/,
  },
  "whose journal is gone": {
    written: "singly",
    lose: (directory) => Deno.remove(`${directory.path}/journal`),
    says: /it is at version 6, the marker beside it says 15/,
  },
  "whose journal turned over in the middle": {
    written: "singly",
    lose: (directory) => turnOver(`${directory.path}/journal`, 3 * 512 + 50),
    says: /it is at version 9, the marker beside it says 15/,
  },
  "whose journal is another one's": {
    written: "singly",
    async lose(directory) {
      await using other = await filled();
      await killedWhileWriting(other, "singly");
      await Deno.copyFile(`${other.path}/journal`, `${directory.path}/journal`);
    },
    says: /it is at version 6, the marker beside it says 15/,
  },
  "that was put back from an older copy": {
    async lose(directory) {
      await Deno.remove(`${directory.path}/stint.db-wal`);
      await Deno.copyFile(`${directory.path}/copy`, `${directory.path}/stint.db`);
    },
    says: /it is at version 6, the marker beside it says \d+/,
  },
  "that is another one": {
    async lose(directory) {
      await using other = await filled(20);
      await Deno.remove(`${directory.path}/stint.db-wal`);
      await Deno.copyFile(`${other.path}/stint.db`, `${directory.path}/stint.db`);
    },
    says: /the marker beside it belongs to another database/,
  },
  "that is gone": {
    async lose(directory) {
      await Deno.remove(`${directory.path}/stint.db-wal`);
      await Deno.remove(`${directory.path}/stint.db`);
    },
    says: /the file is missing, though the marker beside it says version \d+/,
  },
  "whose marker cannot be read": {
    async lose({ path }) {
      const line = await Deno.readTextFile(`${path}/marker`);
      await Deno.writeTextFile(`${path}/marker`, line.replace(" 00", " 01"));
    },
    says: /the marker beside it cannot be read/,
  },
};
for (const [how, { written, lose, says }] of Object.entries(lost)) {
  Deno.test(`a database ${how} is refused until the loss is accepted; versions go on from where they were`, async () => {
    await using directory = await filled();
    await Deno.copyFile(`${directory.path}/stint.db`, `${directory.path}/copy`);
    const before = await killedWhileWriting(directory, written);
    await lose(directory);
    for (let i = 0; i < 2; i++) {
      await rejects(openStore({ directory: directory.path }), (error) => {
        ok(error instanceof DataLost, String(error));
        match(error.message, says);
        match(error.message, /or start once with --accept-data-loss to go on with what is there\.$/);
        return true;
      });
    }
    const store = await openStore({ directory: directory.path, acceptDataLoss: true });
    const accepted = store.version();
    if (how !== "whose marker cannot be read") ok(accepted >= before, `${accepted} after ${before}`);
    const goneUntil = (error: { extras: { members: { oldest: number } } }) => error.extras.members.oldest === accepted;
    await rejects(take(store, 1, { after: accepted - 1 }), goneUntil);
    await apply(store, put("new", "1"));
    deepEqual((await take(store, 1, { after: accepted })).map(({ version }) => version), [accepted + 1]);
    await rejects(take(store, 1, { after: 0 }), goneUntil);
    await store.close();
    const again = await openStore({ directory: directory.path });
    equal(again.version(), accepted + 1);
    await again.close();
  });
}

Deno.test("what only the journal has is there after a kill, and goes on from there", async () => {
  await using directory = await filled();
  const version = await killedWhileWriting(directory, "singly");
  for (let i = 0; i < 2; i++) {
    const store = await openStore({ directory: directory.path });
    equal(store.version(), version + i);
    equal(new TextDecoder().decode((await store.keys.get("d", NOW))!.value.value), "8");
    equal(await store.keys.count(), 3 + i);
    deepEqual((await take(store, 9, { after: 6 })).map(({ version }) => version), [7, 8, 9, 10, 11, 12, 13, 14, 15]);
    await apply(store, put(`more${i}`, "1"));
    await store.close();
  }
});

Deno.test("a database whose marker was taken away is opened with a warning, and has one again", async () => {
  await using directory = await filled();
  await Deno.remove(`${directory.path}/marker`);
  const warnings: string[] = [];
  for (let i = 0; i < 2; i++) {
    const store = await openStore({ directory: directory.path, warn: (message) => warnings.push(message) });
    await store.close();
  }
  deepEqual(warnings.map((warning) => /marker was missing/.test(warning)), [true]);
});

Deno.test("a killed service refuses to start without its write-ahead log, in one line that says the way out", async () => {
  await using service = await startService();
  const steps = ["a", "b"].map((key) => ({ op: "put", key, value: "1" }));
  equal((await service.call("POST", "/api/keys/batch", { json: { steps } })).status, 200);
  await service.kill9();
  await Deno.remove(`${service.data}/stint.db-wal`);
  const { code, stderr } = await runProgram(["--port", "0", "--data", service.data]);
  equal(code, 1);
  match(stderr, /^stint: The database .* lacks changes that were acknowledged: .*--accept-data-loss.*\n$/);
  await service.start(["--accept-data-loss"]);
  equal((await service.call("GET", "/a")).status, 404);
  const etag = (await service.call("PUT", "/a", { body: "2" })).headers.get("etag");
  match(etag!, /^"3"$/, "the version of what was lost is not given out again");
  equal(await service.stop(), 0);
  await service.start();
});

Deno.test("a row that turned over is 503 over HTTP and stands in error.log", async () => {
  await using service = await startService();
  equal((await service.call("PUT", "/a", { body: "1" })).status, 201);
  equal(await service.stop(), 0);
  edit({ path: service.data }, "UPDATE keys SET value = CAST('2' AS BLOB)");
  await service.start();
  const answer = await service.call("GET", "/a");
  equal(answer.status, 503);
  match(answer.text, /The stored key a is damaged: its checksum does not match\. Write it anew, or restore a copy/);
  match(JSON.stringify(await service.errors()), /checksum/);
  equal((await service.call("PUT", "/a", { body: "3" })).status, 204);
  equal((await service.call("GET", "/a")).text, "3");
});

Deno.test("a database of the release before has checksums for what is in it once it is opened", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/stint.db`;
  const db = new DatabaseSync(path);
  first(db);
  db.exec(`
    PRAGMA user_version = 1;
    INSERT INTO keys VALUES ('a', 1, NULL, CAST('1' AS BLOB)), ('b', 2, ${NOW + 5}, CAST('' AS BLOB));
    INSERT INTO changes VALUES (9, 'key', 'x', NULL, NULL)`);
  const job = JSON.stringify(queuedJob(1, { command: "echo 'Привет'" }));
  db.prepare("INSERT INTO job_docs VALUES (1, '', ?)").run(job);
  db.exec("INSERT INTO jobs VALUES (1, 3, 'queued', 0, 0, 1, 1, NULL, NULL, NULL, 0, NULL)");
  db.prepare("INSERT INTO workers VALUES ('w', 4, 1, NULL, ?)").run(JSON.stringify(someWorker("w", "running")));
  db.prepare("INSERT INTO files VALUES ('f', 5, ?)").run(JSON.stringify(someFile("f")));
  db.close();
  const warnings: string[] = [];
  const store = await openStore({ directory: directory.path, warn: (message) => warnings.push(message) });
  equal(store.version(), 9);
  equal((await store.keys.list({ limit: 5, now: NOW })).items.length, 2);
  equal((await store.jobs.get(1))!.value.spec.command, "echo 'Привет'");
  ok(await store.workers.get("w"));
  ok(await store.files.get("f"));
  await store.close();
  deepEqual(warnings, []);
});

/** A directory with a store of `changes` changes (6 at least) that was closed. */
async function filled(changes = 6): Promise<TempDir> {
  const directory = await tempDir({ inMemory: true });
  const store = await openStore({ directory: directory.path });
  const any = { is: "any" } as const;
  await apply(
    store,
    put("a", "1"),
    put("b", "1"),
    putJob(queuedJob(1)),
    putJob(queuedJob(2)),
    { kind: "worker", id: "w", expect: any, value: someWorker("w", "running") },
    { kind: "file", id: "f", expect: any, value: someFile("f") },
  );
  for (let i = 6; i < changes; i++) await apply(store, put("c", `${i}`));
  await store.close();
  return directory;
}

/**
 * Leaves a store as a kill would, with all that was acknowledged in its write-ahead log, or (`singly`) in its journal and
 * nowhere else; the version it was at.
 */
async function killedWhileWriting(directory: TempDir, how: "in pairs" | "singly" = "in pairs"): Promise<number> {
  const files = new Map<string, Uint8Array>();
  const keep = async (...names: string[]) => {
    for (const name of names) files.set(name, await Deno.readFile(`${directory.path}/${name}`));
  };
  if (how === "singly") await keep("stint.db");
  const store = await openStore({ directory: directory.path });
  for (let i = 0; i < 9; i++) {
    await apply(store, ...[put("c", `${i}`), put("d", `${i}`)].slice(how === "singly" ? 1 : 0));
  }
  const version = store.version();
  await keep("marker", "journal", ...(how === "singly" ? [] : ["stint.db", "stint.db-wal"]));
  await store.close();
  for (const [name, bytes] of files) await Deno.writeFile(`${directory.path}/${name}`, bytes);
  return version;
}

async function turnOver(path: string, at: number): Promise<void> {
  const bytes = await Deno.readFile(path);
  bytes[at]! ^= 1;
  await Deno.writeFile(path, bytes);
}

function edit(directory: { path: string }, sql: string): void {
  const db = new DatabaseSync(`${directory.path}/stint.db`);
  db.exec(sql);
  db.close();
}

async function markAs(directory: TempDir, state: MarkerState): Promise<void> {
  const path = `${directory.path}/marker`;
  const record = decodeMarker(await Deno.readTextFile(path));
  equal(record?.state, "closed");
  await Deno.writeFile(path, encodeMarker({ ...record!, state }));
}

/** Makes the first page of a table unreadable. */
async function overwritePageOf(directory: TempDir, table: string): Promise<void> {
  const path = `${directory.path}/stint.db`;
  const db = new DatabaseSync(path);
  const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table) as {
    rootpage: number;
  };
  db.close();
  const file = await Deno.open(path, { write: true });
  await file.seek((rootpage - 1) * 4096, Deno.SeekMode.Start);
  await file.write(new Uint8Array(4096).fill(0xa5));
  file.close();
}
