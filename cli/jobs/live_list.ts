/** A list that is read again whenever something in it has changed. */

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

/** Milliseconds between two readings, however much changes. */
const PAUSE = 250;

/**
 * Reads the list when the stream of changes stands, and again after changes, until `signal` aborts. Nothing is asked for
 * while nothing happens.
 */
export async function keepReading<T>(
  api: Client,
  { types, read, show, onConnection, signal }: LiveOptions<T>,
): Promise<void> {
  let dirty = true;
  let wake = () => {};
  let failure: { error: unknown } | undefined;
  const touch = () => {
    dirty = true;
    wake();
  };
  const listen = async () => {
    const options = {
      query: new URLSearchParams({ types }),
      signal,
      onOpen: () => (onConnection(undefined), touch()),
      onLoss: (error: Error) => onConnection(error.message),
    };
    while (!signal.aborted) {
      try {
        for await (const { event } of follow(api, "/api/events", options)) {
          touch();
          if (event === "changes_gone") break;
        }
      } catch (error) {
        // Too much has happened since: from now on again.
        if (!(error instanceof Refusal && error.problem.code === "changes_gone")) throw error;
      }
    }
  };
  signal.addEventListener("abort", touch);
  listen().catch((error) => {
    failure = { error };
    touch();
  });
  while (!signal.aborted) {
    if (failure) throw failure.error;
    if (!dirty) await new Promise<void>((resolve) => wake = resolve);
    if (signal.aborted) return;
    dirty = false;
    try {
      show(await read());
    } catch (error) {
      if (failure || !(error instanceof Error) || !("url" in error)) throw error;
      onConnection(error.message);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
