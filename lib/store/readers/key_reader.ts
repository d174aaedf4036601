import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { KeyRecord } from "../../domain/key.ts";
import type { KeyReader, Page, Version, Versioned } from "../../services/ports/store.ts";
import type { CachedKey, KeyCache } from "../key_cache.ts";
import { readCursor, writeCursor } from "./cursor.ts";

interface Row {
  key: string;
  version: number;
  expires: number | null;
  value: Uint8Array;
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
    this.#get = db.prepare("SELECT version, expires, value FROM keys WHERE key = ?");
    this.#list = db.prepare(`
      SELECT key, version, expires, value FROM keys
      WHERE key > ? AND key >= ? AND key < ? AND (expires IS NULL OR expires > ?) ORDER BY key LIMIT ?`);
    this.#expired = db.prepare(
      "SELECT key, version, expires, value FROM keys WHERE expires <= ? ORDER BY expires LIMIT ?",
    );
    this.#count = db.prepare("SELECT n FROM counters WHERE name = 'keys'");
  }

  get(key: string, now: number): Promise<Versioned<KeyRecord> | undefined> {
    const row = this.#get.get(key) as Omit<Row, "key"> | undefined;
    if (row === undefined || (row.expires !== null && row.expires <= now)) return Promise.resolve(undefined);
    return Promise.resolve({ value: { key, value: row.value, expires: row.expires }, version: row.version });
  }

  peek(key: string, now: number): { version: Version; text: string } | undefined {
    const found = this.cache.get(key) ?? this.#read(key);
    return found === undefined || (found.expires !== null && found.expires <= now) ? undefined : found;
  }

  #read(key: string): CachedKey | undefined {
    const row = this.#get.get(key) as Omit<Row, "key"> | undefined;
    if (row === undefined) return undefined;
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
    return Promise.resolve((this.#expired.all(now, limit) as unknown as Row[]).map(versioned));
  }

  count(): Promise<number> {
    return Promise.resolve(Number((this.#count.get() as { n: number } | undefined)?.n ?? 0));
  }
}

function versioned({ version, key, value, expires }: Row): Versioned<KeyRecord> {
  return { value: { key, value, expires }, version };
}
