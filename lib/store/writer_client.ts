/**
 * The store's end of the writer's thread: gathers commits, has them done in groups, gives out the answers. Groups of
 * changes of one key each are done here, in the journal; everything else by the thread.
 */

import { setImmediate } from "node:timers";
import { Problem } from "../domain/errors.ts";
import type { Commit, CommitResult, FeedEntry, Version } from "../services/ports/store.ts";
import { CommitMemory } from "./commit_memory.ts";
import { messageOf, Untrustworthy } from "./errors.ts";
import type { KeyJournal } from "./journal/key_journal.ts";
import { SyncTimes } from "./journal/sync_times.ts";
import type { KeyCache } from "./key_cache.ts";
import type { Marker } from "./marker/marker.ts";
import type { Answer, Errand, FromWriter, Refusal, ToWriter, WriterOptions } from "./messages.ts";
import { pack, unpackAnswers } from "./packing.ts";

/** At most so many commits go into one transaction. */
const MAX_GROUP = 256;
/** How many answers are remembered for commits that come again. */
const REMEMBERED = 4096;
/** What is in the journal waits so many milliseconds for more that goes into the database with it. */
const TAKE_AFTER = 50;
/** The same where the database has refused it. */
const TRY_AFTER = 1000;

interface Waiting {
  commit: Commit;
  resolve(result: CommitResult): void;
  reject(error: Error): void;
}

interface Request {
  resolve(): void;
  reject(error: Error): void;
}

export interface WriterClientParts {
  /** Told of every commit that goes to the thread. */
  cache: KeyCache;
  marker: Marker;
  /** Without one, every commit goes to the thread. */
  journal?: KeyJournal;
  /** Hears of every new version. */
  onChange: (version: Version) => void;
  /** Hears of what went wrong without a caller. */
  warn: (message: string) => void;
}

export class WriterClient {
  readonly failed: Promise<Error>;
  #fail!: (reason: Error) => void;
  #failure: Error | undefined;
  readonly #worker: Worker;
  #version: Version = 0;
  #waiting: Waiting[] = [];
  #sent: Waiting[] = [];
  #scheduled = false;
  #requests = new Map<number, Request>();
  #nextRequest = 1;
  #opened = Promise.withResolvers<void>();
  #closed = Promise.withResolvers<void>();
  #idle: (() => void)[] = [];
  readonly #memory = new CommitMemory(REMEMBERED);
  readonly #syncTimes = new SyncTimes();
  /** What the thread was told to take over from the journal and has not answered yet. */
  #takings: { upTo: Version; done: PromiseWithResolvers<void> }[] = [];
  #takeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the thread can take over what is written into the journal. */
  #journalWelcome = true;
  readonly #parts: WriterClientParts;

  private constructor(parts: WriterClientParts) {
    this.#parts = parts;
    this.failed = new Promise((resolve) => this.#fail = resolve);
    this.#worker = new Worker(new URL("./writer_worker.ts", import.meta.url), { type: "module", name: "store writer" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWriter>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#die(new Error(`The store's writer broke: ${event.message}`));
    };
  }

  /** Starts the thread. */
  static async open(options: WriterOptions, parts: WriterClientParts): Promise<WriterClient> {
    const client = new WriterClient(parts);
    client.#post({ type: "open", options });
    try {
      await client.#opened.promise;
    } catch (error) {
      client.#worker.terminate();
      throw error;
    }
    return client;
  }

  get version(): Version {
    return this.#version;
  }

  commit(commit: Commit): Promise<CommitResult> {
    if (this.#failure) return Promise.reject(unwritable(this.#failure));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ commit, resolve, reject });
      this.#schedule();
    });
  }

  /** Runs one of the slower requests to its end. */
  request(message: Errand): Promise<void> {
    if (this.#failure) return Promise.reject(unwritable(this.#failure));
    const request = this.#nextRequest++;
    return new Promise((resolve, reject) => {
      this.#requests.set(request, { resolve, reject });
      this.#post({ ...message, request });
    });
  }

  /**
   * Resolves when the database has everything that was acknowledged before.
   * @throws {Problem} `storage_full`, `storage_failed`
   */
  async settled(): Promise<void> {
    const version = this.#version;
    while (!this.#isTaken(version)) {
      if (this.#failure) throw unwritable(this.#failure);
      const last = this.#takings.at(-1);
      await (last && last.upTo >= version ? last.done : this.#take(this.#parts.journal!)).promise;
    }
  }

  /** The version of the first change that is not in the database yet. */
  get firstUnapplied(): Version | undefined {
    return this.#parts.journal?.unapplied.first;
  }

  /** The feed's entries after `version` that are not in the database yet; undefined when it has some of them. */
  entriesAfter(version: Version, limit: number): FeedEntry[] | undefined {
    return this.#parts.journal?.unapplied.after(version, limit);
  }

  /** Ends all writing, because damage was found; the next start looks for it before it goes on. */
  condemn(reason: string): void {
    if (!this.#failure) this.#post({ type: "condemn", reason });
  }

  /** Ends all writing here: nobody knows any more what is on the disk. */
  distrust(reason: Untrustworthy): void {
    this.#die(reason);
  }

  /** Resolves when everything that was accepted has been answered. */
  async drain(): Promise<void> {
    while (this.#waiting.length + this.#sent.length + this.#requests.size > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Ends the thread, after what it has been sent. */
  async close(): Promise<void> {
    clearTimeout(this.#takeTimer);
    if (!this.#failure) {
      // What it cannot take over stays in the journal for the next start.
      await this.settled().catch((error) => this.#parts.warn(messageOf(error)));
    }
    if (!this.#failure) {
      this.#post({ type: "close" });
      await this.#closed.promise;
    }
    this.#worker.terminate();
    this.#parts.journal?.close();
    await this.#parts.marker.close();
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  /** What arrives in this turn of the loop goes together; what arrives while a group is being written, with the next. */
  #schedule(): void {
    if (this.#scheduled || this.#sent.length > 0 || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#failure) return;
      this.#sent = this.#waiting.splice(0, MAX_GROUP);
      const commits = this.#sent.map(({ commit }) => commit);
      if (!this.#journaled(commits)) this.#handOver(commits);
    });
  }

  /** Does a group in the journal, if it can be done there. */
  #journaled(commits: Commit[]): boolean {
    const { journal } = this.#parts;
    if (!journal || !this.#journalWelcome || !journal.takes(commits)) return false;
    let version;
    let answers: Answer[];
    try {
      ({ answers, version } = journal.write(commits, this.#version, (id) => this.#memory.get(id)));
    } catch {
      // Whatever it was, nothing has changed; the thread meets it as well, and knows what to say, or gets through.
      return false;
    }
    const done = () => {
      journal.settle();
      this.#answer(answers, version);
      this.#takeSoon(journal);
    };
    if (version === this.#version) done();
    else this.#sync(journal, commits.length, done);
    return true;
  }

  #sync({ journal }: KeyJournal, commits: number, done: () => void): void {
    const begun = performance.now();
    const finish = () => {
      this.#syncTimes.add(performance.now() - begun);
      done();
    };
    if (this.#syncTimes.worthWaiting(commits)) {
      try {
        journal.sync();
      } catch (error) {
        return this.#die(error as Error);
      }
      finish();
    } else journal.syncMeanwhile().then(() => this.#failure ? undefined : finish(), (error) => this.#die(error));
  }

  /** Has the thread do a group. It has to have everything from the journal before. */
  #handOver(commits: Commit[]): void {
    const { journal, cache } = this.#parts;
    if (journal && !this.#isTaken(this.#version)) this.#take(journal);
    cache.begin(keysOf(commits));
    const packed = pack(commits);
    this.#post(packed ? { type: "packed", commits: packed } : { type: "commits", commits });
  }

  #isTaken(version: Version): boolean {
    const first = this.firstUnapplied;
    return first === undefined || first > version;
  }

  /** Has the thread take over what is in the journal, when there is enough of it or it has waited long enough. */
  #takeSoon(journal: KeyJournal): void {
    if (this.#takings.length > 0 || journal.unapplied.size === 0) return;
    if (journal.unapplied.isMuch) this.#take(journal);
    else {
      this.#takeTimer ??= setTimeout(() => {
        this.#takeTimer = undefined;
        if (this.#takings.length === 0 && journal.unapplied.size > 0) this.#take(journal);
      }, this.#journalWelcome ? TAKE_AFTER : TRY_AFTER);
    }
  }

  #take(journal: KeyJournal): PromiseWithResolvers<void> {
    clearTimeout(this.#takeTimer);
    this.#takeTimer = undefined;
    const done = Promise.withResolvers<void>();
    // Nobody may be waiting.
    done.promise.catch(() => {});
    this.#takings.push({ upTo: this.#version, done });
    // All of it, what the thread is busy with included: it leaves out what it has, and may have failed at that.
    this.#post({ type: "take", groups: journal.unapplied.bytes() });
    return done;
  }

  #taken(version: Version, refusal: Refusal | undefined): void {
    const { done } = this.#takings.shift()!;
    const { journal } = this.#parts;
    journal!.applied(version);
    if (refusal) done.reject(new Problem(refusal.code, refusal.message));
    else done.resolve();
    this.#takeSoon(journal!);
  }

  #receive(message: FromWriter): void {
    switch (message.type) {
      case "opened":
        this.#version = message.version;
        return this.#opened.resolve();
      case "answers":
        return this.#answered(message.answers, message.version, message.room);
      case "packed":
        return this.#answered(unpackAnswers(message.answers), message.version, message.room);
      case "taken":
        this.#journalWelcome = message.room && !message.refusal;
        return this.#taken(message.version, message.refusal);
      case "done":
        return this.#finish(message.request, message.refusal);
      case "warning":
        return this.#parts.warn(message.message);
      case "fatal":
        return this.#die(new Untrustworthy(message.reason, { damaged: message.damaged }));
      case "closed":
        this.#parts.marker.enter("closed");
        return this.#closed.resolve();
    }
  }

  /** The thread has done a group. */
  #answered(answers: Answer[], version: Version, room: boolean): void {
    this.#parts.cache.end(keysOf(this.#sent.map(({ commit }) => commit)));
    this.#journalWelcome = room && this.#isTaken(this.#version);
    this.#answer(answers, version);
  }

  #answer(answers: Answer[], version: Version): void {
    const sent = this.#sent;
    this.#sent = [];
    const changed = version > this.#version;
    if (changed) {
      this.#version = version;
      this.#parts.marker.advance(version);
    }
    for (let i = 0; i < sent.length; i++) {
      const { commit, resolve, reject } = sent[i]!;
      const answer = answers[i]!;
      if (answer.outcome === "refused") reject(new Problem(answer.code, answer.message));
      else {
        this.#memory.set(commit.id, answer);
        resolve(answer);
      }
    }
    if (changed) this.#parts.onChange(version);
    this.#schedule();
    this.#settle();
  }

  #finish(id: number, refusal: Refusal | undefined): void {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    if (refusal) request?.reject(new Problem(refusal.code, refusal.message));
    else request?.resolve();
    this.#settle();
  }

  #settle(): void {
    if (this.#idle.length === 0) return;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  /** What was sent may or may not have happened; what was not sent has not. */
  #die(reason: Error): void {
    if (this.#failure) return;
    this.#failure = reason;
    if (reason instanceof Untrustworthy && reason.damaged) this.#suspect();
    clearTimeout(this.#takeTimer);
    this.#opened.reject(reason);
    for (const { resolve } of this.#sent.splice(0)) resolve({ outcome: "unknown", reason: reason.message });
    for (const { reject } of this.#waiting.splice(0)) reject(unwritable(reason));
    for (const { done } of this.#takings.splice(0)) done.reject(unwritable(reason));
    for (const { reject } of this.#requests.values()) reject(unwritable(reason));
    this.#requests.clear();
    this.#closed.resolve();
    this.#fail(reason);
    this.#settle();
  }

  /** The next start is to look for damage before it goes on. */
  #suspect(): void {
    try {
      this.#parts.marker.enter("suspect");
    } catch (error) {
      this.#parts.warn(messageOf(error));
    }
  }
}

function keysOf(commits: Commit[]): string[] {
  return commits.flatMap(({ changes }) => changes.flatMap((change) => change.kind === "key" ? [change.id] : []));
}

function unwritable(reason: Error): Problem {
  return new Problem("storage_failed", `The store takes no more writes: ${reason.message}`, { cause: reason });
}
