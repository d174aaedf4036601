/** What a token that is bound to certain jobs may do with one of those that it sees. */

import type { Session } from "../api/schema.ts";
import { shellQuoted } from "./curl.ts";

export type Bounds = NonNullable<Session["bound_to"]>;

/** A command of several words, as the API writes it on one line. */
export function lineOf(argv: readonly string[]): string {
  return argv.map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : shellQuoted(word)).join(" ");
}

/** Whether a job that is shown as this line is one that the token could have asked for. The server has the last word. */
export function isWithin(bounds: Bounds | undefined, command: string): boolean {
  if (!bounds?.commands) return true;
  return bounds.commands.prefixes.map(lineOf).some((line) => command === line || command.startsWith(`${line} `));
}

/**
 * The words of a line, which quotes keep together; nothing else of a shell.
 * @throws {Error} where a quote is not closed.
 */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== "") {
    const [word] = /^(?:[^\s'"\\]|\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*")+/.exec(rest) ?? [""];
    if (word === "") throw new Error("A quote in the command is not closed.");
    words.push(word.replaceAll(/\\([^])|'([^']*)'|"((?:[^"\\]|\\[^])*)"/g, (_all, escaped, single, double) => {
      return escaped ?? single ?? double.replaceAll(/\\(["\\$`])/g, "$1");
    }));
    rest = rest.slice(word.length).trimStart();
  }
  return words;
}
