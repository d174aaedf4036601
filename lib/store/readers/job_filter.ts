/** What a {@link JobQuery} asks of each job, as SQL on `jobs AS j`. */

import type { JobQuery } from "../../services/ports/store.ts";
import { matchAll, queryWords } from "../search_text.ts";

export type Value = string | number;

/** `sql` says of one job whether it meets the condition. `slow`: it may have to read a lot for that. */
export interface Condition {
  sql: string;
  params: Value[];
  source?: Source;
  slow?: true;
  /** It asks for a word that is too short for the full-text index. */
  short?: ShortWord;
}

export interface ShortWord {
  in: "job" | "output";
  word: string;
}

/**
 * Where the jobs that meet a condition can be looked up: a SELECT of their `id`, each once, between two ids, which are the
 * last parameters. `walk`: it can be walked by id, and is likely to tell more than those with a higher number.
 */
export interface Source {
  sql: string;
  params: Value[];
  walk?: number;
  /** To look some up costs more than to find them on a walk by id. */
  dear?: true;
  /** Its ids are those of chunks of output. */
  chunks?: true;
}

export function conditionsOf(query: JobQuery): Condition[] {
  return [
    ...Object.entries(query.within?.labels ?? {}).map(([key, value]) => label(key, value)),
    ...(query.within?.queues ? [queue(...query.within.queues)] : []),
    ...Object.entries(query.labels ?? {}).map(([key, value]) => label(key, value)),
    ...(query.states ? [states(query.states)] : []),
    ...(query.queue !== undefined ? [queue(query.queue)] : []),
    ...(query.exitCode !== undefined ? [exitCode(query.exitCode)] : []),
    ...(query.since !== undefined ? [{ sql: "j.created >= ?", params: [query.since] }] : []),
    ...(query.until !== undefined ? [{ sql: "j.created < ?", params: [query.until] }] : []),
    ...(query.withResult ? [{ sql: "j.has_result = 1", params: [] }] : []),
    ...text(query.q ?? ""),
    ...output(query.output ?? ""),
    ...(query.minDuration !== undefined ? [minDuration(query.minDuration)] : []),
  ];
}

function label(key: string, value: string): Condition {
  return {
    sql: "EXISTS (SELECT 1 FROM job_labels AS l WHERE l.key = ? AND l.value = ? AND l.id = j.id)",
    params: [key, value],
    source: {
      sql: "SELECT s.id FROM job_labels AS s WHERE s.key = ? AND s.value = ? AND s.id BETWEEN ? AND ?",
      params: [key, value],
      walk: 3,
    },
  };
}

function states(states: string[]): Condition {
  const marks = states.map(() => "?").join(", ");
  return {
    sql: `j.state IN (${marks})`,
    params: states,
    source: {
      sql: `SELECT s.id FROM jobs AS s INDEXED BY jobs_by_state WHERE s.state IN (${marks}) AND s.id BETWEEN ? AND ?`,
      params: states,
      ...(states.length === 1 && { walk: 5 }),
    },
  };
}

/** One of these queues. */
function queue(...names: string[]): Condition {
  const marks = names.map(() => "?").join(", ");
  return {
    sql: `j.queue IN (${marks})`,
    params: names,
    source: {
      sql: `SELECT s.id FROM jobs AS s INDEXED BY jobs_by_queue WHERE s.queue IN (${marks}) AND s.id BETWEEN ? AND ?`,
      params: names,
      ...(names.length === 1 && { walk: 6 }),
    },
  };
}

function exitCode(code: number): Condition {
  return {
    sql: "j.exit_code = ?",
    params: [code],
    source: {
      sql: "SELECT s.id FROM jobs AS s INDEXED BY jobs_by_exit_code WHERE s.exit_code = ? AND s.id BETWEEN ? AND ?",
      params: [code],
      walk: 4,
    },
  };
}

function minDuration(seconds: number): Condition {
  return {
    sql: "j.duration >= ?",
    params: [seconds],
    source: {
      sql: "SELECT s.id FROM jobs AS s INDEXED BY jobs_by_duration WHERE s.duration >= ? AND s.id BETWEEN ? AND ?",
      params: [seconds],
    },
  };
}

function text(q: string): Condition[] {
  const { long, short } = queryWords(q);
  const all = (words: string[]): Condition => ({
    sql: `EXISTS (SELECT 1 FROM job_docs AS d WHERE d.id = j.id${words.map(() => " AND instr(d.folded, ?)").join("")})`,
    params: words,
  });
  return [
    ...(long.length > 0 ? [{ ...all(long), source: jobSource(matchAll(long)) }] : []),
    ...short.map((word): Condition => ({ ...all([word]), short: { in: "job", word } })),
  ];
}

/** Jobs whose text matches an expression of the full-text index. */
export function jobSource(match: string): Source {
  return {
    sql: "SELECT s.rowid AS id FROM job_text AS s WHERE s.text MATCH ? AND s.rowid BETWEEN ? AND ?",
    params: [match],
    walk: 2,
    dear: true,
  };
}

/**
 * The words of an output may lie in different chunks, so each is a condition of its own. Asking the full-text index about
 * one job at a time takes longer than reading through what most jobs print.
 */
function output(query: string): Condition[] {
  const { long, short } = queryWords(query);
  const holds = (word: string): Condition => ({
    sql: `EXISTS (
      SELECT 1 FROM output_chunks AS o WHERE o.id BETWEEN j.id * 65536 AND j.id * 65536 + 65535 AND instr(o.text, ?))`,
    params: [word],
    slow: true,
  });
  return [
    // The longest word tells most; it comes first to be the one that candidates are looked up by.
    ...long.toSorted((a, b) => b.length - a.length).map((word): Condition => ({
      ...holds(word),
      source: outputSource(matchAll([word])),
    })),
    ...short.map((word): Condition => ({ ...holds(word), short: { in: "output", word } })),
  ];
}

/** Jobs that have printed what matches an expression of the full-text index. */
export function outputSource(match: string): Source {
  return {
    sql: `SELECT DISTINCT s.rowid >> 16 AS id FROM output_text AS s
          WHERE s.text MATCH ? AND s.rowid BETWEEN ? * 65536 AND ? * 65536 + 65535`,
    params: [match],
    walk: 1,
    dear: true,
    chunks: true,
  };
}
