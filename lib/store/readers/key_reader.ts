import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { KeyRecord } from "../../domain/key.ts";
import type { KeyReader, Page, Version, Versioned } from "../../services/ports/store.ts";
import { keySum } from "../checksum.ts";
import { rowDamaged } from "../errors.ts";
import type { CachedKey, KeyCache } from "../key_cache.ts";
import { readCursor, writeCursor } from "./cursor.ts";

interface Row {
  key: string;
  version: number;
  expires: number | null;
  value: Uint8Array;
  sum: number;
}

/** Whatever is stored is valid; a byte order mark is part of it. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Sorts after every other character. */
const LAST = "\u{10FFFF}";

export class SqliteKeyReader implements KeyReader {
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #expired: StatementSync;
  readonly #count: StatementSync;

  constructor(db: DatabaseSync, readonly version: () => Version, readonly cache: KeyCache) {
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
    const row = this.#get.get(key) as Row | undefined;
    if (row === undefined) return Promise.resolve(undefined);
    if (!isSound(row)) return Promise.reject(rowDamaged("key", key));
    return Promise.resolve(row.expires !== null && row.expires <= now ? undefined : found(row));
  }

  peek(key: string, now: number): { version: Version; text: string } | undefined {
    const found = this.cache.get(key) ?? this.#read(key);
    return found === undefined || (found.expires !== null && found.expires <= now) ? undefined : found;
  }

  #read(key: string): CachedKey | undefined {
    const row = this.#get.get(key) as Row | undefined;
    if (row === undefined) return undefined;
    if (!isSound(row)) throw rowDamaged("key", key);
    const found = { version: row.version, expires: row.expires, text: utf8.decode(row.value) };
    this.cache.set(key, found);
    return found;
  }

  // deno-lint-ignore require-await -- so that a bad cursor rejects instead of throwing
  async list(
    { prefix = "", limit, cursor, now }: { prefix?: string; limit: number; cursor?: string; now: number },
  ): Promise<Page<Versioned<KeyRecord>>> {
    const query = ["keys", prefix];
    const [after] = cursor === undefined ? [""] : readCursor(query, cursor, "string");
    const upTo = this.version();
    const rows = this.#list.all(after!, prefix, prefix + LAST, now, limit + 1) as unknown as Row[];
    const items = rows.slice(0, limit).map(versioned);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, upTo, ...(last && { next: writeCursor(query, [last.value.key]) }) };
  }

  expired(now: number, limit: number): Promise<Versioned<KeyRecord>[]> {
    // What a damaged row takes for its end is no reason to remove it.
    return Promise.resolve((this.#expired.all(now, limit) as unknown as Row[]).filter(isSound).map(found));
  }

  count(): Promise<number> {
    return Promise.resolve(Number((this.#count.get() as { n: number } | undefined)?.n ?? 0));
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
