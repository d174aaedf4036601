/**
 * A file beside the database that says up to which version it was acknowledged. SQLite does not notice when its
 * write-ahead log is gone or the database was put back from an older copy; whoever compares the two does.
 */

import { dirname } from "node:path";
import type { Version } from "../../services/ports/store.ts";
import { messageOf, Untrustworthy } from "../errors.ts";
import { decodeMarker, encodeMarker, type MarkerRecord, type MarkerState, setVersion } from "./record.ts";

/** How far a power cut may throw it back; milliseconds. A marker that is behind does no harm, it only notices less. */
const SYNC_AFTER = 1000;

/** What the marker at `path` says: undefined when there is none, null when it cannot be read. */
export async function readMarker(path: string): Promise<MarkerRecord | null | undefined> {
  try {
    return decodeMarker(await Deno.readTextFile(path)) ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Puts a marker in the place of what is there, if anything. On disk when this resolves. */
export async function writeMarker(path: string, record: MarkerRecord): Promise<void> {
  const draft = `${path}.new`;
  using file = await Deno.open(draft, { write: true, create: true, truncate: true, mode: 0o600 });
  await file.write(encodeMarker(record));
  await file.sync();
  await Deno.rename(draft, path);
  using directory = await Deno.open(dirname(path));
  await directory.sync();
}

/** The marker while the store is open. */
export class Marker {
  readonly #file: Deno.FsFile;
  /** The same file once more: while one is being synced, the other can be written. */
  readonly #synced: Deno.FsFile;
  readonly #line: Uint8Array<ArrayBuffer>;
  #record: MarkerRecord;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #syncing: Promise<void> | undefined;
  #warned = false;

  /**
   * `warn` hears once when it cannot be written: it is then behind, which takes nothing from what is promised.
   * `failed` hears when the disk failed to sync it.
   */
  constructor(
    path: string,
    record: MarkerRecord,
    readonly warn: (message: string) => void,
    readonly failed: (error: Untrustworthy) => void,
  ) {
    this.#file = Deno.openSync(path, { write: true });
    this.#synced = Deno.openSync(path, { write: true });
    this.#record = record;
    this.#line = encodeMarker(record);
  }

  /** Writes down a version that is on disk. */
  advance(version: Version): void {
    if (version === this.#record.version) return;
    this.#record.version = version;
    this.#write();
    this.#timer ??= setTimeout(() => this.#syncing = this.#syncLater(), SYNC_AFTER);
  }

  /**
   * Writes down the state and puts everything on disk.
   * @throws {Untrustworthy}
   */
  enter(state: MarkerState): void {
    this.#record.state = state;
    this.#line.set(encodeMarker(this.#record));
    this.#write();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#file.syncDataSync();
    } catch (error) {
      throw syncFailed(error);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#syncing;
    this.#file.close();
    this.#synced.close();
  }

  async #syncLater(): Promise<void> {
    this.#timer = undefined;
    try {
      await this.#synced.syncData();
    } catch (error) {
      this.failed(syncFailed(error));
    }
  }

  #write(): void {
    try {
      setVersion(this.#line, this.#record.version);
      this.#file.seekSync(0, Deno.SeekMode.Start);
      this.#file.writeSync(this.#line);
    } catch (error) {
      if (!this.#warned) this.warn(`The marker could not be written: ${messageOf(error)}`);
      this.#warned = true;
    }
  }
}

function syncFailed(error: unknown): Untrustworthy {
  return new Untrustworthy(`The disk failed to sync: ${messageOf(error)}`, { cause: error });
}
