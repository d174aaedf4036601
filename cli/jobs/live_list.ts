/** A list that is read again whenever something in it has changed. */

import { isPassing, pause } from "../api/again.ts";
import { follow } from "../api/following.ts";
import type { Client } from "../api/client.ts";
import { Refusal } from "../api/problem.ts";

export interface LiveOptions<T> {
  /** What is followed: `jobs`, or more with commas between. */
  types: string;
  read: () => Promise<T>;
  show: (list: T) => void;
  /** Told of a lost connection, with the reason, and of its return, with nothing. */
  onConnection: (trouble: string | undefined) => void;
  signal: AbortSignal;
}

/** Milliseconds between two readings, however much changes, and after one that failed. */
const PAUSE = 250;
const AFTER_FAILURE = 1_000;

/**
 * Reads the list when the stream of changes stands, and again after changes, until `signal` aborts. Nothing is asked for
 * while nothing happens. @throws {CliError} when the server cannot be reached at the start, is away for too long, or refuses.
 */
export async function keepReading<T>(api: Client, options: LiveOptions<T>): Promise<void> {
  const { read, show, onConnection, signal } = options;
  const changes = new Changes();
  signal.addEventListener("abort", () => changes.touch());
  listen(api, options, changes).catch((error) => changes.fail(error));
  let failed = false;
  while (await changes.next() && !signal.aborted) {
    try {
      show(await read());
      if (failed) onConnection(undefined);
      failed = false;
    } catch (error) {
      if (!isPassing(error)) throw error;
      onConnection((error as Error).message);
      failed = true;
      changes.touch();
    }
    await pause(failed ? AFTER_FAILURE : PAUSE, signal);
  }
}

/** Tells whoever reads that something has changed since the last time. */
class Changes {
  #dirty = true;
  #wake = () => {};
  #failure: { error: unknown } | undefined;

  touch(): void {
    this.#dirty = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake();
  }

  /** Resolves with true after a change. @throws what was told to `fail`. */
  async next(): Promise<true> {
    if (!this.#dirty && !this.#failure) await new Promise<void>((resolve) => this.#wake = resolve);
    if (this.#failure) throw this.#failure.error;
    this.#dirty = false;
    return true;
  }
}

async function listen<T>(
  api: Client,
  { types, onConnection, signal }: LiveOptions<T>,
  changes: Changes,
): Promise<void> {
  const options = {
    query: new URLSearchParams({ types }),
    signal,
    onOpen: () => (onConnection(undefined), changes.touch()),
    onLoss: (error: Error) => onConnection(error.message),
  };
  while (!signal.aborted) {
    try {
      for await (const { event } of follow(api, "/api/events", options)) {
        changes.touch();
        if (event === "changes_gone") break;
      }
    } catch (error) {
      // Too much has happened since: from now on again.
      if (!(error instanceof Refusal && error.problem.code === "changes_gone")) throw error;
    }
  }
}
