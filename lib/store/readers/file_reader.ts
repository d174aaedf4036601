import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { FileRecord } from "../../domain/file.ts";
import type { FileReader, Page, Version, Versioned } from "../../services/ports/store.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { all, one } from "./docs.ts";

const QUERY = ["files"];

export class SqliteFileReader implements FileReader {
  readonly #get: StatementSync;
  readonly #list: StatementSync;

  constructor(db: DatabaseSync, readonly version: () => Version) {
    this.#get = db.prepare("SELECT name AS id, version, doc, sum FROM files WHERE name = ?");
    this.#list = db.prepare("SELECT name AS id, version, doc, sum FROM files WHERE name > ? ORDER BY name LIMIT ?");
  }

  get(name: string): Promise<Versioned<FileRecord> | undefined> {
    return Promise.resolve(one<FileRecord>("file", this.#get.get(name)));
  }

  // deno-lint-ignore require-await -- so that a bad cursor rejects instead of throwing
  async list({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<Versioned<FileRecord>>> {
    const [after] = cursor === undefined ? [""] : readCursor(QUERY, cursor, "string");
    const upTo = this.version();
    const rows = all<FileRecord>("file", this.#list.all(after!, limit + 1));
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, upTo, ...(last && { next: writeCursor(QUERY, [last.value.name]) }) };
  }
}
