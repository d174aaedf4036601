import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { PartialUpload } from "../../domain/partial_upload.ts";
import type { Page, UploadQuery, UploadReader, Version, Versioned } from "../../services/ports/store.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { all, one } from "./docs.ts";

/** Behind it comes every upload. */
const FIRST = [Number.MAX_SAFE_INTEGER, ""] as const;

export class SqliteUploadReader implements UploadReader {
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #named: StatementSync;
  readonly #touched: StatementSync;

  constructor(db: DatabaseSync, readonly version: () => Version) {
    const select = "SELECT id, version, doc, sum FROM uploads";
    const page = "(created, id) < (?, ?) ORDER BY created DESC, id DESC LIMIT ?";
    this.#get = db.prepare(`${select} WHERE id = ?`);
    this.#list = db.prepare(`${select} WHERE ${page}`);
    this.#named = db.prepare(`${select} WHERE name = ? AND ${page}`);
    this.#touched = db.prepare(`${select} WHERE touched < ? ORDER BY touched LIMIT ?`);
  }

  get(id: string): Promise<Versioned<PartialUpload> | undefined> {
    return Promise.resolve(one<PartialUpload>("upload", this.#get.get(id)));
  }

  // deno-lint-ignore require-await -- so that a bad cursor rejects instead of throwing
  async list({ name, limit, cursor }: UploadQuery): Promise<Page<Versioned<PartialUpload>>> {
    const query = ["uploads", name ?? null];
    const [created, id] = cursor === undefined ? FIRST : readCursor(query, cursor, "number", "string");
    const upTo = this.version();
    const found = name === undefined
      ? this.#list.all(created!, id!, limit + 1)
      : this.#named.all(name, created!, id!, limit + 1);
    const rows = all<PartialUpload>("upload", found);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1)?.value : undefined;
    return { items, upTo, ...(last && { next: writeCursor(query, [last.created, last.id]) }) };
  }

  touchedBefore(time: number, limit: number): Promise<Versioned<PartialUpload>[]> {
    return Promise.resolve(all<PartialUpload>("upload", this.#touched.all(time, limit)));
  }
}
