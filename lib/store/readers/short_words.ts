/**
 * Words of one and two letters, which the full-text indexes cannot be asked for. Where one is common, the newest jobs hold
 * it and a walk finds it at once. Where it is not, it is looked up by the trigrams that begin with it; most such words
 * begin none, and then no job holds them.
 */

import { matchAny } from "../search_text.ts";
import { type Condition, jobSource, outputSource, type ShortWord } from "./job_filter.ts";
import type { Statements } from "./statements.ts";

/** A word that is in so many of the newest texts is common. */
const COMMON = 16;
/** With more trigrams than this a walk is no slower. */
const MAX_TERMS = 64;
/** Sorts behind every character. */
const LAST = "\u{10FFFF}";

const PLACES = {
  job: {
    newest: "SELECT folded AS text FROM job_docs ORDER BY id DESC LIMIT 2048",
    terms: "job_terms",
    source: jobSource,
  },
  output: {
    newest: "SELECT text FROM output_chunks ORDER BY id DESC LIMIT 256",
    terms: "output_terms",
    source: outputSource,
  },
};

/** The conditions with a source for every short word that is not common; undefined when no job can meet one. */
export function withShortWords(statements: Statements, conditions: Condition[]): Condition[] | undefined {
  const resolved: Condition[] = [];
  for (const condition of conditions) {
    const { short } = condition;
    const terms = short && !isCommon(statements, short) ? termsOf(statements, short) : undefined;
    if (terms?.length === 0) return undefined;
    const few = terms && terms.length <= MAX_TERMS;
    resolved.push(few ? { ...condition, source: PLACES[short!.in].source(matchAny(terms)) } : condition);
  }
  return resolved;
}

function isCommon(statements: Statements, { word, in: place }: ShortWord): boolean {
  const found = statements.get(`SELECT 1 FROM (${PLACES[place].newest}) WHERE instr(text, ?) LIMIT ${COMMON}`);
  return found.all(word).length === COMMON;
}

/** Those of the trigrams that begin with the word; one more than are of use when there are many. */
function termsOf(statements: Statements, { word, in: place }: ShortWord): string[] {
  const found = statements.get(
    `SELECT term FROM ${PLACES[place].terms} WHERE term >= ? AND term <= ? LIMIT ${MAX_TERMS + 1}`,
  );
  return (found.all(word, word + LAST + LAST) as { term: string }[]).map(({ term }) => term);
}
