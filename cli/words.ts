/** Finds commands among the words of a command line, which options of all commands may precede. */

import { COMMON_OPTIONS, flagsOf } from "./options.ts";

const VALUED = new Set(COMMON_OPTIONS.map(flagsOf).filter((each) => each.placeholder).map(({ long }) => `--${long}`));
const ALONE = new Set(["--json", ...[...VALUED].map((flag) => `${flag}=`)]);

/** Where the first word stands that is no common option; undefined when another option comes before it. */
export function firstWord(words: readonly string[]): number | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (VALUED.has(word)) i++;
    else if (!word.startsWith("-")) return i;
    else if (!ALONE.has(word.replace(/=.*$/s, "="))) return undefined;
  }
  return undefined;
}

/** Without the one at `at`. */
export function without(words: readonly string[], at: number): string[] {
  return words.filter((_, i) => i !== at);
}
