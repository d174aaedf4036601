import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Addition, Applied, Version } from "../../services/ports/store.ts";

/** How many additions that may come again are remembered at least. */
const REMEMBERED = 100_000;
/** So many beyond that are removed at once. */
const STEP = 64;

interface Row {
  key: string;
  amount: number;
  sum: number;
  version: number;
  existed: number;
}

/** The value that an addition finds, and those that were done under a name of their own. */
export class KeyAdditions {
  readonly #value: StatementSync;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #forget: StatementSync;

  constructor(db: DatabaseSync) {
    this.#value = db.prepare("SELECT value, expires FROM keys WHERE key = ?");
    this.#find = db.prepare("SELECT key, amount, sum, version, existed FROM key_additions WHERE once = ?");
    this.#insert = db.prepare(
      "INSERT INTO key_additions (once, key, amount, sum, version, existed) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#forget = db.prepare("DELETE FROM key_additions WHERE id <= ?");
  }

  /** The answer to the same addition, if it was done before; `used_otherwise` when the name is another one's. */
  done(key: string, { once, amount }: Addition): Applied | "used_otherwise" | undefined {
    if (once === undefined) return undefined;
    const row = this.#find.get(once) as Row | undefined;
    if (row === undefined) return undefined;
    if (row.key !== key || row.amount !== amount) return "used_otherwise";
    return { version: row.version, existed: row.existed === 1, sum: row.sum };
  }

  /** What a key that is there (`live`) comes to, and when it expires. */
  sum(key: string, live: boolean, amount: number): { sum: number; expires: number | null } | Unfit {
    if (!live) return { sum: amount, expires: null };
    const row = this.#value.get(key) as { value: Uint8Array; expires: number | null };
    const text = new TextDecoder().decode(row.value);
    const number = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (!Number.isSafeInteger(number)) return "not_a_number";
    const sum = number + amount;
    return Number.isSafeInteger(sum) ? { sum, expires: row.expires } : "out_of_range";
  }

  remember(key: string, { once, amount }: Addition, sum: number, version: Version, existed: boolean): void {
    if (once === undefined) return;
    const { lastInsertRowid } = this.#insert.run(once, key, amount, sum, version, existed ? 1 : 0);
    const id = Number(lastInsertRowid);
    if (id > REMEMBERED && id % STEP === 0) this.#forget.run(id - REMEMBERED);
  }
}

type Unfit = "not_a_number" | "out_of_range";
