import type { DatabaseSync, StatementSync } from "node:sqlite";

const NONE: readonly number[] = [];

/** What finds the jobs that wait for another. */
export class JobWaits {
  readonly #add: StatementSync;
  readonly #remove: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare("INSERT OR IGNORE INTO job_waits (dep, id) VALUES (?, ?)");
    this.#remove = db.prepare("DELETE FROM job_waits WHERE dep = ? AND id = ?");
  }

  /** Job `id` waited for the ends of `before`, and waits for those of `after` now. */
  change(id: number, before: readonly number[] = NONE, after: readonly number[] = NONE): void {
    if (before.length + after.length === 0) return;
    const [old, now] = [new Set(before), new Set(after)];
    for (const dep of old) if (!now.has(dep)) this.#remove.run(dep, id);
    for (const dep of now) if (!old.has(dep)) this.#add.run(dep, id);
  }
}
