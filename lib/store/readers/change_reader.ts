import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Problem } from "../../domain/errors.ts";
import type { FeedEntry, Kind, Version } from "../../services/ports/store.ts";

/** At most so many entries are given at once. */
export const PAGE = 256;
/** Where a page ends before that: bytes in its entries. */
const PAGE_BYTES = 1024 * 1024;

interface Row {
  version: number;
  kind: Kind;
  id: string | number;
  expires: number | null;
  body: string | Uint8Array | null;
}

/** Reads the feed. Every version has its row until it is pruned, so a row that is missing was pruned. */
export class ChangeReader {
  readonly #sizes: StatementSync;
  readonly #page: StatementSync;
  readonly #oldest: StatementSync;
  /** Followers mostly stand at the same place: the page that the first of them reads serves the others. */
  #last: { after: Version; upTo: Version; entries: FeedEntry[] } | undefined;

  /**
   * `keep`: how many changes may be asked for; the database may hold some more that wait to be removed. `firstBeside`: the
   * version of the first change that the database does not have yet.
   */
  constructor(db: DatabaseSync, readonly keep: number, readonly firstBeside: () => Version | undefined) {
    // The size of a body is known without reading it.
    this.#sizes = db.prepare(
      `SELECT octet_length(body) AS bytes FROM changes WHERE version > ? ORDER BY version LIMIT ${PAGE}`,
    );
    this.#page = db.prepare(
      `SELECT version, kind, id, expires, body FROM changes WHERE version > ? ORDER BY version LIMIT ?`,
    );
    this.#oldest = db.prepare("SELECT min(version) AS version FROM changes");
  }

  /**
   * Some entries after a version, none when there are no more. `upTo`: the last version known.
   * @throws {Problem} `changes_gone`
   */
  page(after: Version, upTo: Version): FeedEntry[] {
    if (after >= upTo) return [];
    if (!this.keeps(after, upTo)) this.#gone(after, upTo);
    if (this.#last?.after === after && this.#last.upTo === upTo) return this.#last.entries;
    const entries = this.#read(after);
    if (entries[0]?.version !== after + 1) this.#gone(after, upTo);
    this.#last = { after, upTo, entries };
    return entries;
  }

  /** Whether what follows a version may still be asked for. `upTo`: the last version known. */
  keeps(after: Version, upTo: Version): boolean {
    return after >= upTo - this.keep;
  }

  #read(after: Version): FeedEntry[] {
    let count = 0;
    let bytes = 0;
    // Not `iterate()`, by which one could stop in between: Deno 2.4.2 finds nothing at its second use.
    for (const row of this.#sizes.all(after) as { bytes: number | null }[]) {
      count++;
      bytes += row.bytes ?? 0;
      if (bytes > PAGE_BYTES) break;
    }
    return (this.#page.all(after, count) as unknown as Row[]).map(entryOf);
  }

  /** The lowest version whose successors are all there. */
  oldest(upTo: Version): Version {
    const { version } = this.#oldest.get() as { version: number | null };
    const first = version ?? this.firstBeside();
    return Math.max(first === undefined ? upTo : first - 1, upTo - this.keep);
  }

  #gone(after: Version, upTo: Version): never {
    const oldest = this.oldest(upTo);
    throw new Problem(
      "changes_gone",
      `The changes after version ${after} are no longer kept. Read the present state, then follow from ${oldest} or later.`,
      { members: { oldest } },
    );
  }
}

function entryOf({ version, kind, id, expires, body }: Row): FeedEntry {
  if (kind === "key") {
    const key = String(id);
    return { version, kind, id: key, value: body === null ? null : { key, value: body as Uint8Array, expires } };
  }
  const value = body === null ? null : JSON.parse(body as string);
  return kind === "job" ? { version, kind, id: Number(id), value } : { version, kind, id: String(id), value };
}
