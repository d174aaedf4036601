/** Text as the full-text indexes hold it, and queries on it. */

import { commandLine, type JobSpec } from "../domain/job.ts";
import { fold, words } from "../domain/text.ts";

/** The trigram tokenizer finds nothing shorter. */
const TRIGRAM = 3;

/** Folded, and without NUL, at which SQLite would take the text to end. */
export function searchable(text: string): string {
  return fold(text).replaceAll("\0", "\u2400");
}

/**
 * A folded text as it goes into a full-text index: with an ending that no word holds, so that each of its letters begins
 * a trigram.
 */
export function indexed(folded: string): string {
  return `${folded}\n\n`;
}

/** What `q` looks into. Lines cannot be matched across, because no word holds a line break. */
export function searchableJob(spec: JobSpec): string {
  const labels = Object.entries(spec.labels ?? {}).flatMap(([key, value]) => [`${key}:${value}`, `${key}=${value}`]);
  return searchable([commandLine(spec), spec.name ?? "", ...labels].join("\n"));
}

/** The words of a query: those the trigram index can find, and those too short for it. */
export function queryWords(query: string): { long: string[]; short: string[] } {
  const all = words(query).map((word) => word.replaceAll("\0", "\u2400"));
  return {
    long: all.filter((word) => [...word].length >= TRIGRAM),
    short: all.filter((word) => [...word].length < TRIGRAM),
  };
}

/** An FTS5 expression that matches what holds any of the words. */
export function matchAny(words: string[]): string {
  return words.map(quoted).join(" OR ");
}

/** An FTS5 expression that matches what holds each of the words; quoted, so that nothing in them is syntax. */
export function matchAll(words: string[]): string {
  return words.map(quoted).join(" AND ");
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
