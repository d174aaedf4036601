import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The sums in the `counters` table. Changes are gathered and written once per transaction. */
export class Counters {
  readonly #add: StatementSync;
  readonly #raise: StatementSync;
  readonly #get: StatementSync;
  #deltas = new Map<string, number>();
  #raised = new Map<string, number>();

  constructor(db: DatabaseSync) {
    this.#add = db.prepare("INSERT INTO counters VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n");
    this.#raise = db.prepare("INSERT INTO counters VALUES (?, ?) ON CONFLICT DO UPDATE SET n = max(n, excluded.n)");
    this.#get = db.prepare("SELECT n FROM counters WHERE name = ?");
  }

  add(name: string, by: number): void {
    this.#deltas.set(name, (this.#deltas.get(name) ?? 0) + by);
  }

  /** Sets a counter that never falls. */
  raise(name: string, to: number): void {
    this.#raised.set(name, Math.max(this.#raised.get(name) ?? 0, to));
  }

  get(name: string): number {
    return Number((this.#get.get(name) as { n: number } | undefined)?.n ?? 0);
  }

  /** Writes what was gathered. Inside the transaction it belongs to. */
  flush(): void {
    for (const [name, by] of this.#deltas) if (by !== 0) this.#add.run(name, by);
    for (const [name, to] of this.#raised) this.#raise.run(name, to);
    this.discard();
  }

  /** Forgets what was gathered: the transaction was undone. */
  discard(): void {
    this.#deltas.clear();
    this.#raised.clear();
  }
}
