/** The jobs that have not begun, by what they wait for. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Job } from "../../domain/job.ts";
import { noLoad, type QueueLoad } from "../../domain/queue.ts";
import type { QueueRoom, Versioned } from "../../services/ports/store.ts";
import { all } from "./docs.ts";

interface Head {
  id: number;
  priority: number;
}

/** The statements; each looks up what it gives, and no more. CROSS JOIN keeps the order of the tables. */
export const QUEUE_SQL = {
  heads: `SELECT id, priority FROM jobs INDEXED BY jobs_ready WHERE queue = ? AND ready = 1
          ORDER BY priority DESC, id LIMIT ?`,
  /** Of many queues those whose first jobs come first. */
  foremost: `SELECT q.value AS name FROM json_each(?) AS q CROSS JOIN jobs AS j ON j.id = (
               SELECT h.id FROM jobs AS h INDEXED BY jobs_ready WHERE h.queue = q.value AND h.ready = 1
               ORDER BY h.priority DESC, h.id LIMIT 1)
             ORDER BY j.priority DESC, j.id LIMIT ?`,
  docs: `SELECT j.id, j.version, d.doc, d.sum FROM json_each(?) AS e
         CROSS JOIN jobs AS j ON j.id = e.value CROSS JOIN job_docs AS d ON d.id = j.id ORDER BY e.key`,
  due: `SELECT j.id, j.version, d.doc, d.sum FROM jobs AS j INDEXED BY jobs_due CROSS JOIN job_docs AS d ON d.id = j.id
        WHERE j.due <= ? ORDER BY j.due, j.id LIMIT ?`,
  nextDue: "SELECT due FROM jobs INDEXED BY jobs_due WHERE due IS NOT NULL ORDER BY due LIMIT 1",
  dependents: `SELECT j.id, j.version, d.doc, d.sum FROM job_waits AS w
               CROSS JOIN jobs AS j ON j.id = w.id CROSS JOIN job_docs AS d ON d.id = j.id
               WHERE w.dep = ? ORDER BY w.id LIMIT ?`,
  /** Goes through all that jobs wait for: once, at start. */
  settled: `SELECT DISTINCT w.dep AS id FROM job_waits AS w LEFT JOIN jobs AS j ON j.id = w.dep
            WHERE j.id IS NULL OR j.ended IS NOT NULL ORDER BY w.dep LIMIT ?`,
  /** Goes through all that have not ended: once, at start. */
  loads: `SELECT queue, state, active, ready, count(*) AS n FROM jobs INDEXED BY jobs_open
          WHERE queue IS NOT NULL AND ended IS NULL GROUP BY queue, state, active, ready`,
} as const;

export class QueuedJobs {
  readonly #statements: Record<keyof typeof QUEUE_SQL, StatementSync>;

  constructor(db: DatabaseSync) {
    const prepared = Object.entries(QUEUE_SQL).map(([name, sql]) => [name, db.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof QUEUE_SQL, StatementSync>;
  }

  /** The first of each queue are merged: what a queue has no room for is not even looked at. */
  next(limit: number, rooms: QueueRoom[]): Versioned<Job>[] {
    const { heads, docs } = this.#statements;
    const first = this.#foremost(limit, rooms).flatMap(({ name, most }) =>
      heads.all(name, Math.min(limit, most)) as unknown as Head[]
    );
    first.sort((a, b) => b.priority - a.priority || a.id - b.id);
    return all<Job>("job", docs.all(JSON.stringify(first.slice(0, limit).map(({ id }) => id))));
  }

  /** The `limit` jobs that come first are in the `limit` queues whose own first jobs do. */
  #foremost(limit: number, rooms: QueueRoom[]): QueueRoom[] {
    if (rooms.length <= limit) return rooms;
    const names = JSON.stringify(rooms.map(({ name }) => name));
    const chosen = new Set(this.#statements.foremost.all(names, limit).map(({ name }) => name));
    return rooms.filter(({ name }) => chosen.has(name));
  }

  due(now: number, limit: number): Versioned<Job>[] {
    return all<Job>("job", this.#statements.due.all(now, limit));
  }

  nextDue(): number | undefined {
    return (this.#statements.nextDue.get() as { due: number } | undefined)?.due;
  }

  dependents(id: number, limit: number): Versioned<Job>[] {
    return all<Job>("job", this.#statements.dependents.all(id, limit));
  }

  settled(limit: number): number[] {
    return (this.#statements.settled.all(limit) as { id: number }[]).map(({ id }) => id);
  }

  loads(): Map<string, QueueLoad> {
    const loads = new Map<string, QueueLoad>();
    const rows = this.#statements.loads.all() as unknown as LoadRow[];
    for (const { queue, state, active, ready, n } of rows) {
      const load = loads.get(queue) ?? noLoad();
      loads.set(queue, load);
      load[active ? "running" : state === "paused" ? "held" : ready ? "ready" : "waiting"] += n;
    }
    return loads;
  }
}

interface LoadRow {
  queue: string;
  state: string;
  active: number;
  ready: number;
  n: number;
}
