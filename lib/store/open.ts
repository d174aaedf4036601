import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { Problem } from "../domain/errors.ts";
import type { Commit, CommitResult, FeedEntry, FeedOptions, Store, Version } from "../services/ports/store.ts";
import { openForReading, prepareDatabase } from "./database.ts";
import { type DirectoryLock, lockDirectory } from "./directory_lock.ts";
import { KeyCache } from "./key_cache.ts";
import { ChangeReader } from "./readers/change_reader.ts";
import { SqliteFileReader } from "./readers/file_reader.ts";
import { SqliteJobReader } from "./readers/job_reader.ts";
import { SqliteKeyReader } from "./readers/key_reader.ts";
import { SqliteWorkerReader } from "./readers/worker_reader.ts";
import { isDiskFull } from "./sqlite_error.ts";
import { WriterClient } from "./writer_client.ts";

export { DatabaseDamaged, DatabaseTooNew, DirectoryInUse } from "./errors.ts";

export interface StoreOptions {
  /** Made, for the owner only, when it is not there. */
  directory: string;
  /** How many changes the feed keeps; at least 1. */
  keepChanges?: number;
  /** Hears of what went wrong without anybody having asked for it. */
  warn?: (message: string) => void;
}

/**
 * Opens the SQLite store of one machine and takes its directory.
 * @throws {DirectoryInUse} another process has it
 * @throws {DatabaseTooNew} a later release has written it
 * @throws {DatabaseDamaged}
 */
export async function openStore({ directory, keepChanges = 100_000, warn = () => {} }: StoreOptions): Promise<Store> {
  const lock = await lockDirectory(directory);
  try {
    const path = join(directory, "stint.db");
    const ballast = join(directory, "ballast");
    await prepareDatabase(path).catch(async (error) => {
      if (!isDiskFull(error)) throw error;
      // Even reading needs some room: the reserve is there for that.
      await Deno.remove(ballast);
      await prepareDatabase(path);
    });
    const changes = new ChangeNotice();
    const options = { path, ballast, keepChanges: Math.max(1, keepChanges) };
    const cache = new KeyCache();
    const writer = await WriterClient.open(options, cache, () => changes.announce(), warn);
    return new SqliteStore(lock, openForReading(path), writer, changes, options.keepChanges);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Wakes those who wait for the next change. */
class ChangeNotice {
  #waiting = Promise.withResolvers<void>();

  next(): Promise<void> {
    return this.#waiting.promise;
  }

  announce(): void {
    const waiting = this.#waiting;
    this.#waiting = Promise.withResolvers();
    waiting.resolve();
  }
}

class SqliteStore implements Store {
  readonly keys: SqliteKeyReader;
  readonly jobs: SqliteJobReader;
  readonly workers: SqliteWorkerReader;
  readonly files: SqliteFileReader;
  readonly failed: Promise<Error>;
  readonly #changes: ChangeReader;
  #closing: Promise<void> | undefined;

  constructor(
    readonly lock: DirectoryLock,
    readonly db: DatabaseSync,
    readonly writer: WriterClient,
    readonly notice: ChangeNotice,
    keepChanges: number,
  ) {
    const version = () => writer.version;
    this.keys = new SqliteKeyReader(db, version, writer.cache);
    this.jobs = new SqliteJobReader(db, version);
    this.workers = new SqliteWorkerReader(db);
    this.files = new SqliteFileReader(db, version);
    this.#changes = new ChangeReader(db, keepChanges);
    this.failed = writer.failed;
  }

  commit(commit: Commit): Promise<CommitResult> {
    if (this.#closing) return Promise.reject(closed());
    if (commit.changes.length !== 1) {
      const wrong = misuse(commit);
      if (wrong) return Promise.reject(new TypeError(wrong));
    }
    return this.writer.commit(commit);
  }

  indexOutput(jobId: number, texts: string[]): Promise<void> {
    return this.#closing ? Promise.reject(closed()) : this.writer.request({ type: "index", jobId, texts });
  }

  dropOutput(jobId: number): Promise<void> {
    return this.#closing ? Promise.reject(closed()) : this.writer.request({ type: "drop", jobId });
  }

  version(): Version {
    return this.writer.version;
  }

  oldest(): Version {
    return this.#changes.oldest(this.version());
  }

  async *follow({ after, kinds, signal }: FeedOptions): AsyncIterable<FeedEntry> {
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal.addEventListener("abort", abort);
    try {
      let at = after;
      while (!signal.aborted && !this.#closing) {
        const next = this.notice.next();
        const entries = this.#changes.page(at, this.version());
        let given = false;
        for (const entry of entries) {
          if (signal.aborted) return;
          at = entry.version;
          if (kinds && !kinds.includes(entry.kind)) continue;
          given = true;
          yield entry;
        }
        if (entries.length === 0) await Promise.race([next, aborted.promise]);
        // A long stretch of other kinds must not hold up everybody else.
        else if (!given) await setImmediate();
      }
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    await this.writer.drain();
    await this.jobs.idle();
    // The writer goes last: it alone can put the write-ahead log away.
    this.db.close();
    await this.writer.close();
    this.lock.release();
    this.notice.announce();
  }
}

function closed(): Problem {
  return new Problem("shutting_down", "The store is closed.");
}

/** What is wrong with a commit of more than one change, or none. */
function misuse({ changes }: Commit): string | undefined {
  if (changes.some((change) => change.kind === "key" && change.add)) return "An addition stands alone in its commit.";
  if (changes.length === 0) return "A commit needs at least one change.";
  const written = changes.filter(({ value }) => value !== undefined).map(({ kind, id }) => `${kind} ${id}`);
  return new Set(written).size === written.length ? undefined : "A commit writes each of its subjects once.";
}
