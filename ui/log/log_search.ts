/** Looks through what is not loaded of an output, piece by piece, from where it ends back to the beginning. */

import { signal } from "@preact/signals";
import { messageOf } from "../api/client.ts";
import { isErrorLine } from "./error_lines.ts";
import { readBytes } from "./log_source.ts";
import type { Stream } from "./pieces.ts";

/** Where something begins in a text for the last time; -1 where it is not. */
export type LastIn = (text: string) => number;

/** Bytes that are looked through at once, and those that are looked at twice, since a word may be cut. */
const [CHUNK, OVERLAP] = [4_000_000, 4096];

/** An output, and the offset before which to look. */
export interface Place {
  stream: Stream;
  before: number;
}

export class LogSearch {
  /** How much has been looked through, from 0 to 1; null where nothing is being looked for. */
  readonly done = signal<number | null>(null);
  /** Why it could not go on. */
  readonly failure = signal<string | null>(null);
  #over: AbortController | undefined;

  /** The last place of all, in the first output that has one; null where there is none, or it was stopped or failed. */
  async run(id: number, places: readonly Place[], lastIn: LastIn): Promise<Place & { offset: number } | null> {
    this.stop();
    const { signal } = this.#over = new AbortController();
    this.failure.value = null;
    try {
      for (const place of places) {
        const offset = await this.#find(id, place, lastIn, signal);
        if (offset !== null) return { ...place, offset };
      }
    } catch (error) {
      if (!signal.aborted) this.failure.value = messageOf(error);
    } finally {
      if (!signal.aborted) this.done.value = null;
    }
    return null;
  }

  stop(): void {
    this.#over?.abort();
    this.done.value = null;
  }

  async #find(id: number, { stream, before }: Place, lastIn: LastIn, signal: AbortSignal): Promise<number | null> {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    for (let to = before; to > 0;) {
      this.done.value = 1 - to / before;
      const from = Math.max(0, to - CHUNK);
      const bytes = await readBytes(id, stream, [from, Math.min(before, to + OVERLAP)], signal);
      const text = decoder.decode(bytes);
      const index = lastIn(text);
      if (index >= 0) return from + new TextEncoder().encode(text.slice(0, index)).length;
      to = from;
    }
    return null;
  }
}

/** Letters large and small are the same. */
export function lastWord(word: string): LastIn {
  const wanted = word.toLowerCase();
  return (text) => text.toLowerCase().lastIndexOf(wanted);
}

/** A line that speaks of an error. */
export const lastError: LastIn = (text) => {
  for (let end = text.length; end > 0;) {
    const start = text.lastIndexOf("\n", end - 1) + 1;
    if (isErrorLine(text.slice(start, end))) return start;
    end = start - 1;
  }
  return -1;
};
