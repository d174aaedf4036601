/** Finds the command that the command line names and runs it. Only what that command needs is loaded. */

import manifest from "../deno.json" with { type: "json" };
import { type AnyCommand, type Command, type CommandFamily, isFamily } from "./command.ts";
import { CliError, usage } from "./errors.ts";
import { EXIT } from "./exit_codes.ts";
import { COMMON_OPTIONS, flagsOf } from "./options.ts";
import { parse } from "./parse.ts";
import { OWN_PARSER, REGISTRY } from "./registry.ts";
import { Session } from "./session.ts";
import { nearest } from "./suggest.ts";

/** Runs one command. `args`: without the program's own name. Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    return complain(error);
  }
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [name, words] = split(args);
  if (name === undefined || Object.hasOwn(OWN_PARSER, name)) {
    if (name === undefined && (words[0] === "--help" || words[0] === "-h")) return await overview();
    if (name === undefined && (words[0] === "--version" || words[0] === "-V")) return printVersion();
    return await (await import("./own_parser.ts")).runOwnParser(args);
  }
  if (name === "__complete") return await (await import("./completion/complete.ts")).complete(words, REGISTRY);
  if (!Object.hasOwn(REGISTRY, name)) {
    throw unknownCommand(name, Object.keys({ ...REGISTRY, ...OWN_PARSER }), "stint help");
  }
  return await runCommand(name, await REGISTRY[name]!.load(), words);
}

/** The command's name, which common options may precede (`stint --server prod ps`), and all other words. */
function split(args: readonly string[]): [string | undefined, string[]] {
  const at = firstWord(args);
  // `--token-file` and others are options of the service, too.
  if (at === undefined || (at > 0 && !Object.hasOwn(REGISTRY, args[at]!))) return [undefined, [...args]];
  return [args[at], args.filter((_, i) => i !== at)];
}

const VALUED = new Set(COMMON_OPTIONS.map(flagsOf).filter((each) => each.placeholder).map(({ long }) => `--${long}`));
const ALONE = new Set(["--json", ...[...VALUED].map((flag) => `${flag}=`)]);

/** Where the first word stands that is no common option; undefined when another option comes before it. */
function firstWord(words: readonly string[]): number | undefined {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (VALUED.has(word)) i++;
    else if (!word.startsWith("-")) return i;
    else if (!ALONE.has(word.replace(/=.*$/s, "="))) return undefined;
  }
  return undefined;
}

async function runCommand(name: string, command: AnyCommand, words: string[]): Promise<number> {
  if (isFamily(command)) return await runMember(name, command, words);
  return await runOne(name, command, words);
}

async function runMember(name: string, { commands, fallback }: CommandFamily, words: string[]): Promise<number> {
  const at = firstWord(words);
  if (at === undefined && (!fallback || words.includes("--help") || words.includes("-h"))) return await help(name);
  const chosen = at === undefined ? fallback! : words[at]!;
  if (!Object.hasOwn(commands, chosen)) {
    throw unknownCommand(
      `${name} ${chosen}`,
      Object.keys(commands).map((each) => `${name} ${each}`),
      `stint help ${name}`,
    );
  }
  return await runOne(`${name} ${chosen}`, commands[chosen]!, words.filter((_, i) => i !== at));
}

async function runOne(name: string, command: Command, words: string[]): Promise<number> {
  const parsed = parse(name, command, words);
  if (parsed.options.help) return await help(...name.split(" "));
  const session = new Session(parsed.options);
  return await command.run({ ...parsed, session, registry: REGISTRY }) ?? EXIT.ok;
}

async function help(...words: string[]): Promise<number> {
  return await runOne("help", (await import("./commands/help.ts")).command, words);
}

/** The overview, and with it what the default command takes. */
async function overview(): Promise<number> {
  await help();
  return await (await import("./own_parser.ts")).runOwnParser(["serve", "--help"]);
}

function printVersion(): number {
  console.log(manifest.version);
  return EXIT.ok;
}

function unknownCommand(name: string, names: string[], see: string): CliError {
  const near = nearest(name, names);
  return usage(
    `there is no command ${name}`,
    `${near ? `Did you mean \`stint ${near}\`? ` : ""}\`${see}\` lists them all.`,
  );
}

/** One line, what to do about it included, on standard error. @returns the exit code */
function complain(error: unknown): number {
  // Nobody is there any more who could read.
  if (error instanceof Deno.errors.BrokenPipe) return EXIT.pipeClosed;
  if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied) {
    return complain(new CliError(error.message.replace(/, run again with the .* flag$/, ""), EXIT.failed));
  }
  if (!(error instanceof CliError)) throw error;
  const hint = error.hint === undefined ? "" : ` ${error.hint}`;
  const message = `${error.message}${/[.:!?]$/.test(error.message) ? "" : "."}${hint}`;
  console.error(`stint: ${message.replaceAll(/\s*\n\s*/g, " ")}`);
  return error.code;
}
