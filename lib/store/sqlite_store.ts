/** The store of one machine while it is open. */

import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { Problem } from "../domain/errors.ts";
import type {
  Commit,
  CommitResult,
  FeedEntry,
  FeedOptions,
  FileReader,
  JobReader,
  KeyReader,
  QueueReader,
  Store,
  UploadReader,
  Version,
  WorkerReader,
} from "../services/ports/store.ts";
import type { BackgroundCheck } from "./check/background_check.ts";
import type { DirectoryLock } from "./directory_lock.ts";
import { messageOf } from "./errors.ts";
import { ChangeReader, PAGE } from "./readers/change_reader.ts";
import { SqliteFileReader } from "./readers/file_reader.ts";
import { SqliteJobReader } from "./readers/job_reader.ts";
import type { SqliteKeyReader } from "./readers/key_reader.ts";
import { SqliteQueueReader } from "./readers/queue_reader.ts";
import { SqliteUploadReader } from "./readers/upload_reader.ts";
import { SqliteWorkerReader } from "./readers/worker_reader.ts";
import { isDamage } from "./sqlite_error.ts";
import { watched } from "./watched.ts";
import type { WriterClient } from "./writer_client.ts";

/** Wakes those who wait for the next change. */
export class ChangeNotice {
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

export class SqliteStore implements Store {
  readonly keys: KeyReader;
  readonly jobs: JobReader;
  readonly workers: WorkerReader;
  readonly files: FileReader;
  readonly queues: QueueReader;
  readonly uploads: UploadReader;
  readonly failed: Promise<Error>;
  readonly #keys: SqliteKeyReader;
  readonly #jobs: SqliteJobReader;
  readonly #changes: ChangeReader;
  #closing: Promise<void> | undefined;

  constructor(
    readonly lock: DirectoryLock,
    readonly db: DatabaseSync,
    keys: SqliteKeyReader,
    readonly writer: WriterClient,
    readonly notice: ChangeNotice,
    readonly check: BackgroundCheck,
    keepChanges: number,
  ) {
    const version = () => writer.version;
    const onError = (error: unknown) => this.#readingFailed(error);
    this.#jobs = new SqliteJobReader(db, version);
    this.#keys = keys;
    this.keys = watched(this.#keys, onError);
    this.jobs = watched(this.#jobs, onError);
    this.workers = watched(new SqliteWorkerReader(db), onError);
    this.files = watched(new SqliteFileReader(db, version), onError);
    this.queues = watched(new SqliteQueueReader(db), onError);
    this.uploads = watched(new SqliteUploadReader(db, version), onError);
    this.#changes = new ChangeReader(db, keepChanges, () => writer.firstUnapplied);
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

  forgetLeftovers(jobIds: number[]): Promise<void> {
    return this.#closing ? Promise.reject(closed()) : this.writer.request({ type: "forget", jobIds });
  }

  version(): Version {
    return this.writer.version;
  }

  peek(key: string, now: number): { version: Version; text: string } | undefined {
    try {
      return this.#keys.peek(key, now);
    } catch (error) {
      throw this.#readingFailed(error);
    }
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
        const entries = this.#entries(at);
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

  #entries(after: Version): FeedEntry[] {
    try {
      const version = this.version();
      // What is only in the journal yet is not waited for.
      const recent = after < version ? this.writer.entriesAfter(after, PAGE) : undefined;
      return recent && this.#changes.keeps(after, version) ? recent : this.#changes.page(after, version);
    } catch (error) {
      throw this.#readingFailed(error);
    }
  }

  /** What the caller is told. Damage in what hangs the rows together ends the store: nothing it says can be relied on. */
  #readingFailed(error: unknown): unknown {
    if (!isDamage(error)) return error;
    const reason = `The database is damaged: ${messageOf(error)}`;
    this.writer.condemn(reason);
    return new Problem("storage_failed", `${reason}. Restore a copy.`, { cause: error });
  }

  async #close(): Promise<void> {
    this.check.stop();
    await this.writer.drain();
    await this.#jobs.idle();
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

/** What is wrong with a commit, if anything. */
function misuse({ changes }: Commit): string | undefined {
  if (changes.length === 0) return "A commit needs at least one change.";
  if (changes.some((change) => change.kind === "key" && change.add)) return "An addition stands alone in its commit.";
  const written = changes.filter(({ value }) => value !== undefined).map(({ kind, id }) => `${kind} ${id}`);
  return new Set(written).size === written.length ? undefined : "A commit writes each of its subjects once.";
}
