/** Finds the command that the command line names and runs it. Only what that command needs is loaded. */

import manifest from "../deno.json" with { type: "json" };
import { type AnyCommand, type Command, type CommandFamily, isFamily } from "./command.ts";
import { CliError, complaint, usage } from "./errors.ts";
import { EXIT } from "./exit_codes.ts";
import { parse } from "./parse.ts";
import { OWN_PARSER, REGISTRY } from "./registry.ts";
import { Session } from "./session.ts";
import { nearest } from "./suggest.ts";
import { firstWord, without } from "./words.ts";

/** Runs one command. `args`: without the program's own name. Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    return complain(error, wantsJson(args));
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
  // `--token-file` and others are options of the service, too; `--server` and `--json` are not.
  if (at === undefined || (at > 0 && !Object.hasOwn(REGISTRY, args[at]!) && !isClients(args[0]!, args[at]!))) {
    return [undefined, [...args]];
  }
  return [args[at], without(args, at)];
}

/** Whether a first option tells that `word` was meant for a command which speaks to a server. */
function isClients(option: string, word: string): boolean {
  return /^--(server|json|color|ca-cert)(=|$)/.test(option) && !Object.hasOwn(OWN_PARSER, word);
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
  return await runOne(`${name} ${chosen}`, commands[chosen]!, at === undefined ? words : without(words, at));
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
function complain(error: unknown, asJson: boolean): number {
  // Nobody is there any more who could read.
  if (error instanceof Deno.errors.BrokenPipe) return EXIT.pipeClosed;
  const expected = error instanceof CliError ? error : fromSystem(error);
  if (!expected) throw error;
  console.error(complaint(expected, asJson));
  return expected.code;
}

/** What the system refuses: a file that cannot be made, a full disk. */
function fromSystem(error: unknown): CliError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  const isOwn = Object.values(Deno.errors).some((kind) => error instanceof kind);
  if (!isOwn && !(typeof code === "string" && /^E[A-Z0-9]+$/.test(code))) return undefined;
  const wanting = /^(Requires .* access to .*?), (?:run again|specify)/.exec(error.message)?.[1];
  return new CliError(wanting ?? error.message, EXIT.failed);
}

/** Whether errors are for programs, too; also where the command line itself makes no sense. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).includes("--json");
}
