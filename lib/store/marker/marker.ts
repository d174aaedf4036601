/**
 * A file beside the database that says up to which version it was acknowledged. SQLite does not notice when its
 * write-ahead log is gone or the database was put back from an older copy; whoever compares the two does.
 */

import { dirname } from "node:path";
import type { Version } from "../../services/ports/store.ts";
import { messageOf, Untrustworthy } from "../errors.ts";
import { decodeMarker, encodeMarker, type MarkerRecord, type MarkerState } from "./record.ts";

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

/** The marker while the store is open. Belongs to the writer's thread. */
export class Marker {
  readonly #file: Deno.FsFile;
  #record: MarkerRecord;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #warned = false;

  /**
   * `warn` hears once when it cannot be written: it is then behind, which takes nothing from what is promised.
   * `guard` runs what goes on by itself and takes care of its errors.
   */
  constructor(
    path: string,
    record: MarkerRecord,
    readonly warn: (message: string) => void,
    readonly guard: (work: () => void) => void,
  ) {
    this.#file = Deno.openSync(path, { write: true });
    this.#record = record;
  }

  /** Writes down a version that is on disk. */
  advance(version: Version): void {
    if (version === this.#record.version) return;
    this.#record = { ...this.#record, version };
    this.#write();
    this.#timer ??= setTimeout(() => this.guard(() => this.sync()), SYNC_AFTER);
  }

  /** Writes down the state and puts everything on disk. */
  enter(state: MarkerState): void {
    this.#record = { ...this.#record, state };
    this.#write();
    this.sync();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#file.close();
  }

  /**
   * Puts on disk what was written.
   * @throws {Untrustworthy}
   */
  sync(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#file.syncDataSync();
    } catch (error) {
      throw new Untrustworthy(`The disk failed to sync: ${messageOf(error)}`, { cause: error });
    }
  }

  #write(): void {
    try {
      this.#file.seekSync(0, Deno.SeekMode.Start);
      this.#file.writeSync(encodeMarker(this.#record));
    } catch (error) {
      if (!this.#warned) this.warn(`The marker could not be written: ${messageOf(error)}`);
      this.#warned = true;
    }
  }
}
