import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { MIGRATIONS } from "../../../lib/store/migrations/all.ts";
import { QUEUE_SQL } from "../../../lib/store/readers/queued_jobs.ts";

function database(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  for (const migration of MIGRATIONS) migration(db);
  return db;
}

/** What SQLite is going to do, a line a step. */
function planOf(db: DatabaseSync, sql: string): string[] {
  const params = Array.from(sql.matchAll(/\?/g), () => 1);
  return db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...params).map(({ detail }) => String(detail));
}

Deno.test("the first jobs of a queue are read off the index alone, which nothing but jobs that are ready are in", () => {
  const db = database();
  const plan = planOf(db, QUEUE_SQL.heads);
  assert.deepEqual(plan, ["SEARCH jobs USING COVERING INDEX jobs_ready (queue=?)"]);
  db.close();
});

Deno.test("what the scheduler asks while it runs is looked up, never searched for or sorted", () => {
  const db = database();
  for (const name of ["heads", "due", "dependents"] as const) {
    for (const step of planOf(db, QUEUE_SQL[name])) {
      assert.match(step, /^SEARCH /, `${name}: ${step}`);
    }
  }
  // Of every queue that is open the first job is looked up, and those are sorted.
  const foremost = planOf(db, QUEUE_SQL.foremost).filter((step) => / [jh] /.test(step));
  assert.deepEqual(foremost, [
    "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH h USING COVERING INDEX jobs_ready (queue=?)",
  ]);
  // A partial index read from its end: the first row is the answer.
  assert.deepEqual(planOf(db, QUEUE_SQL.nextDue), ["SEARCH jobs USING COVERING INDEX jobs_due (due>?)"]);
  db.close();
});

Deno.test("a database of the release before has its queue, and its worker jobs outside of it", () => {
  const db = new DatabaseSync(":memory:");
  const before = MIGRATIONS.findIndex(({ name }) => name === "queues");
  for (const migration of MIGRATIONS.slice(0, before)) migration(db);
  const job = (id: number, state: string, doc: unknown) => {
    db.prepare(
      "INSERT INTO jobs (id, version, state, active, priority, created, created_max, has_result) VALUES (?,1,?,0,0,1,1,0)",
    ).run(id, state);
    db.prepare("INSERT INTO job_docs (id, folded, doc) VALUES (?, '', ?)").run(id, JSON.stringify(doc));
  };
  job(1, "queued", { spec: { command: "true" } });
  job(2, "running", { spec: { command: "true" }, workerId: "w" });
  job(3, "queued", { spec: { command: '"workerId":', labels: { workerId: "x" } } });
  job(4, "succeeded", { spec: { command: "true" } });
  for (const migration of MIGRATIONS.slice(before)) migration(db);
  const rows = db.prepare("SELECT id, queue, ready, due FROM jobs ORDER BY id").all().map((row) => Object.values(row));
  assert.deepEqual(rows, [[1, "default", 1, null], [2, null, 0, null], [3, "default", 1, null], [
    4,
    "default",
    0,
    null,
  ]]);
  db.close();
});
