import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Problem } from "../../domain/errors.ts";
import type { KeyRecord } from "../../domain/key.ts";
import type { KeyReader, Page, Version, Versioned } from "../../services/ports/store.ts";
import { keySum } from "../checksum.ts";
import { rowDamaged } from "../errors.ts";
import type { KeyRow } from "../journal/key_journal.ts";
import { HeldKey, type KeyCache } from "../key_cache.ts";
import { readCursor, writeCursor } from "./cursor.ts";

interface Row {
  key: string;
  version: number;
  expires: number | null;
  value: Uint8Array;
  sum: number;
}

/** What there is of keys beside the database. */
export interface KeySource {
  cache: KeyCache;
  version(): Version;
  /** A change that the database does not have yet, the latest of that key. */
  unapplied(key: string): HeldKey | undefined;
  /** Resolves when the database has everything that was acknowledged. */
  settled(): Promise<void>;
}

/** Sorts after every other character. */
const LAST = "\u{10FFFF}";

export class SqliteKeyReader implements KeyReader {
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #expired: StatementSync;
  readonly #count: StatementSync;

  constructor(db: DatabaseSync, readonly source: KeySource) {
    this.#get = db.prepare("SELECT key, version, expires, value, sum FROM keys WHERE key = ?");
    this.#list = db.prepare(`
      SELECT key, version, expires, value, sum FROM keys
      WHERE key > ? AND key >= ? AND key < ? AND (expires IS NULL OR expires > ?) ORDER BY key LIMIT ?`);
    this.#expired = db.prepare(
      "SELECT key, version, expires, value, sum FROM keys WHERE expires <= ? ORDER BY expires LIMIT ?",
    );
    this.#count = db.prepare("SELECT n FROM counters WHERE name = 'keys'");
  }

  get(key: string, now: number): Promise<Versioned<KeyRecord> | undefined> {
    const held = this.source.unapplied(key);
    if (held !== undefined) return Promise.resolve(held.isLive(now) ? record(held) : undefined);
    const row = this.#get.get(key) as Row | undefined;
    if (row === undefined) return Promise.resolve(undefined);
    if (!isSound(row)) return Promise.reject(rowDamaged("key", key));
    return Promise.resolve(row.expires !== null && row.expires <= now ? undefined : found(row));
  }

  peek(key: string, now: number): { version: Version; text: string } | undefined {
    const held = this.source.unapplied(key) ?? this.source.cache.get(key) ?? this.#read(key);
    return held?.isLive(now) ? held : undefined;
  }

  /** A key's row in the database. */
  row(key: string): KeyRow | undefined {
    const row = this.#get.get(key) as Row | undefined;
    return row && { version: row.version, expires: row.expires, damaged: !isSound(row) };
  }

  #read(key: string): HeldKey | undefined {
    const row = this.#get.get(key) as Row | undefined;
    if (row === undefined) return undefined;
    if (!isSound(row)) throw rowDamaged("key", key);
    const held = new HeldKey(key, row.version, row.expires, row.value);
    this.source.cache.set(held);
    return held;
  }

  async list(
    { prefix = "", limit, cursor, now }: { prefix?: string; limit: number; cursor?: string; now: number },
  ): Promise<Page<Versioned<KeyRecord>>> {
    const query = ["keys", prefix];
    const [after] = cursor === undefined ? [""] : readCursor(query, cursor, "string");
    const upTo = this.source.version();
    await this.source.settled();
    const rows = this.#list.all(after!, prefix, prefix + LAST, now, limit + 1) as unknown as Row[];
    const items = rows.slice(0, limit).map(versioned);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, upTo, ...(last && { next: writeCursor(query, [last.value.key]) }) };
  }

  async expired(now: number, limit: number): Promise<Versioned<KeyRecord>[]> {
    await this.source.settled();
    // What a damaged row takes for its end is no reason to remove it.
    return (this.#expired.all(now, limit) as unknown as Row[]).filter(isSound).map(found);
  }

  async count(): Promise<number> {
    try {
      await this.source.settled();
    } catch (error) {
      // On a full disk a count that lags behind is better than none.
      if (!(error instanceof Problem)) throw error;
    }
    return Number((this.#count.get() as { n: number } | undefined)?.n ?? 0);
  }
}

/** Whether a row is as it was written. */
export function isSound({ key, version, expires, value, sum }: Row): boolean {
  return keySum(key, version, expires, value) === sum;
}

/** @throws {Problem} `storage_failed` when the row is not as it was written. */
function versioned(row: Row): Versioned<KeyRecord> {
  if (!isSound(row)) throw rowDamaged("key", row.key);
  return found(row);
}

function found({ key, version, expires, value }: Row): Versioned<KeyRecord> {
  return { value: { key, value, expires }, version };
}

function record({ key, version, expires, value }: HeldKey): Versioned<KeyRecord> {
  return { value: { key, value: value!, expires }, version };
}
