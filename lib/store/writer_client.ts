/** The store's end of the writer's thread: gathers commits, hands them over, gives out the answers. */

import { setImmediate } from "node:timers";
import { Problem } from "../domain/errors.ts";
import type { Commit, CommitResult, Version } from "../services/ports/store.ts";
import { Untrustworthy } from "./errors.ts";
import type { KeyCache } from "./key_cache.ts";
import type { Answer, Errand, FromWriter, Refusal, ToWriter, WriterOptions } from "./messages.ts";
import { pack, unpackAnswers } from "./packing.ts";

/** At most so many commits go into one transaction. */
const MAX_GROUP = 512;

interface Waiting {
  commit: Commit;
  resolve(result: CommitResult): void;
  reject(error: Error): void;
}

interface Request {
  resolve(): void;
  reject(error: Error): void;
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

  private constructor(
    readonly cache: KeyCache,
    readonly onChange: (version: Version) => void,
    readonly warn: (message: string) => void,
  ) {
    this.failed = new Promise((resolve) => this.#fail = resolve);
    this.#worker = new Worker(new URL("./writer_worker.ts", import.meta.url), { type: "module", name: "store writer" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWriter>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#die(new Error(`The store's writer broke: ${event.message}`));
    };
  }

  /** Starts the thread. `cache` is told of every commit, `onChange` hears of every new version, `warn` of what went wrong without a caller. */
  static async open(
    options: WriterOptions,
    cache: KeyCache,
    onChange: (version: Version) => void,
    warn: (message: string) => void,
  ): Promise<WriterClient> {
    const client = new WriterClient(cache, onChange, warn);
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
    this.cache.begin(commit);
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

  /** Ends all writing, because damage was found; the next start looks for it before it goes on. */
  condemn(reason: string): void {
    if (!this.#failure) this.#post({ type: "condemn", reason });
  }

  /** Resolves when everything that was accepted has been answered. */
  async drain(): Promise<void> {
    while (this.#waiting.length + this.#sent.length + this.#requests.size > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
  }

  /** Ends the thread, after what it has been sent. */
  async close(): Promise<void> {
    if (!this.#failure) {
      this.#post({ type: "close" });
      await this.#closed.promise;
    }
    this.#worker.terminate();
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
      const packed = pack(commits);
      this.#post(packed ? { type: "packed", commits: packed } : { type: "commits", commits });
    });
  }

  #receive(message: FromWriter): void {
    switch (message.type) {
      case "opened":
        this.#version = message.version;
        return this.#opened.resolve();
      case "answers":
        return this.#answer(message.answers, message.version);
      case "packed":
        return this.#answer(unpackAnswers(message.answers), message.version);
      case "done":
        return this.#finish(message.request, message.refusal);
      case "warning":
        return this.warn(message.message);
      case "fatal":
        return this.#die(new Untrustworthy(message.reason, { damaged: message.damaged }));
      case "closed":
        return this.#closed.resolve();
    }
  }

  #answer(answers: Answer[], version: Version): void {
    const sent = this.#sent;
    this.#sent = [];
    const changed = version !== this.#version;
    this.#version = version;
    sent.forEach(({ commit, resolve, reject }, i) => {
      const answer = answers[i]!;
      this.cache.end(commit);
      if (answer.outcome === "refused") reject(new Problem(answer.code, answer.message));
      else resolve(answer);
    });
    if (changed) this.onChange(version);
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
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  /** What was sent may or may not have happened; what was not sent has not. */
  #die(reason: Error): void {
    if (this.#failure) return;
    this.#failure = reason;
    this.#opened.reject(reason);
    for (const { resolve } of this.#sent.splice(0)) resolve({ outcome: "unknown", reason: reason.message });
    for (const { reject } of this.#waiting.splice(0)) reject(unwritable(reason));
    for (const { reject } of this.#requests.values()) reject(unwritable(reason));
    this.#requests.clear();
    this.#closed.resolve();
    this.#fail(reason);
    this.#settle();
  }
}

function unwritable(reason: Error): Problem {
  return new Problem("storage_failed", `The store takes no more writes: ${reason.message}`, { cause: reason });
}
