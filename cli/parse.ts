/** Reads a command line by a command's specification. */

import type { CommandSpec, OptionSpec } from "./command.ts";
import { usage } from "./errors.ts";
import { COMMON_OPTIONS, type Flags, flagsOf } from "./options.ts";
import { nearest } from "./suggest.ts";

export interface Parsed {
  args: string[];
  rest?: string[];
  options: Record<string, unknown>;
}

interface Known extends Flags {
  repeatable: boolean;
}

/**
 * Options may stand before, between and behind the arguments: `-f`, `-fn 3`, `-n3`, `--tail 3`, `--tail=3`; a lone `-` is
 * an argument, and so is everything behind `--`.
 * @throws {CliError} with what is wrong and, where something is near, what may have been meant.
 */
export function parse(name: string, spec: CommandSpec, words: readonly string[]): Parsed {
  const known = [...spec.options ?? [], ...COMMON_OPTIONS].map(readOption);
  const end = words.indexOf("--");
  const queue = [...(end < 0 ? words : words.slice(0, end))];
  const parsed: Parsed = { args: [], options: {} };
  while (queue.length > 0) {
    const word = queue.shift()!;
    if (word.startsWith("--")) takeLong(name, known, word, queue, parsed);
    else if (/^-[^\d-]/.test(word)) takeShort(name, known, word, queue, parsed);
    else parsed.args.push(word);
  }
  const behind = end < 0 ? undefined : words.slice(end + 1);
  if (spec.takesRest) parsed.rest = behind;
  else if (behind) parsed.args.push(...behind);
  // Who asks for help need not know how the command is called.
  if (!parsed.options.help) checkArguments(name, spec, parsed);
  return parsed;
}

function readOption(option: OptionSpec): Known {
  return { ...flagsOf(option), repeatable: option.repeatable ?? false };
}

function takeLong(name: string, known: Known[], word: string, queue: string[], parsed: Parsed): void {
  const equals = word.indexOf("=");
  const long = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const option = known.find((each) => each.long === long);
  if (!option) throw unknownOption(name, `--${long}`, known);
  if (option.placeholder === undefined) {
    if (equals >= 0) throw usage(`--${long} takes no value`, help(name));
    return set(parsed, option, true);
  }
  set(parsed, option, equals < 0 ? valueOf(name, option, queue) : word.slice(equals + 1));
}

function takeShort(name: string, known: Known[], word: string, queue: string[], parsed: Parsed): void {
  for (let i = 1; i < word.length; i++) {
    const option = known.find((each) => each.short === word[i]);
    if (!option) throw unknownOption(name, `-${word[i]}`, known);
    if (option.placeholder === undefined) {
      set(parsed, option, true);
      continue;
    }
    const glued = word.slice(i + 1).replace(/^=/, "");
    return set(parsed, option, glued === "" ? valueOf(name, option, queue) : glued);
  }
}

function valueOf(name: string, option: Known, queue: string[]): string {
  const value = queue.shift();
  if (value !== undefined) return value;
  throw usage(`--${option.long} wants a value: --${option.long} <${option.placeholder}>`, help(name));
}

function set(parsed: Parsed, { key, repeatable }: Known, value: string | true): void {
  parsed.options[key] = repeatable ? [...parsed.options[key] as string[] ?? [], value] : value;
}

function unknownOption(name: string, given: string, known: Known[]) {
  const near = given.startsWith("--") ? nearest(given.slice(2), known.map((each) => each.long)) : undefined;
  const own = name === "run" ? " What belongs to the command itself goes into its quotes or behind `--`." : "";
  return usage(`unknown option ${given}`, `${near ? `Did you mean --${near}? ` : ""}${help(name)}${own}`);
}

function checkArguments(name: string, spec: CommandSpec, { args }: Parsed): void {
  const wanted = spec.arguments ?? [];
  const missing = wanted[args.length];
  if (missing && !missing.optional) throw usage(`${missing.name} is missing: ${missing.help}`, help(name));
  if (args.length > wanted.length && !wanted.at(-1)?.variadic) {
    throw usage(`${JSON.stringify(args[wanted.length])} is one word too many`, help(name));
  }
}

function help(name: string): string {
  return `\`stint help ${name}\` shows how it is called.`;
}
