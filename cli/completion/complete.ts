/** `stint __complete`: what a shell may offer for the word at the cursor. */

import {
  type ArgumentSpec,
  type Command,
  type CommandSpec,
  isFamily,
  type OptionSpec,
  type Registry,
  type Values,
} from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { COMMON_OPTIONS, flagsOf } from "../options.ts";
import { type Candidate, candidatesOf, FILES } from "./candidates.ts";

/** Commands with options of their own parser. */
const OTHERS: Record<string, readonly Candidate[]> = {
  serve: [["--help", "lists its options"]],
  token: [["create", "make a token"], ["list", "show all tokens"], ["revoke", "end a token"]],
};

/** Prints one candidate a line: the word, a tab, and what it is. `words`: all behind `stint`; the last one is being typed. */
export async function complete(words: readonly string[], registry: Registry): Promise<number> {
  const found = await candidates(words.length === 0 ? [""] : words, registry);
  for (const [word, help] of found) console.log(help === "" ? word : `${word}\t${help}`);
  return EXIT.ok;
}

/** What may stand where the last word is. Never fails: a shell has nowhere to show an error. */
export async function candidates(words: readonly string[], registry: Registry): Promise<Candidate[]> {
  const typed = words.at(-1)!;
  const before = words.slice(0, -1);
  const matching = (all: readonly Candidate[]) => all.filter(([word]) => word === FILES || word.startsWith(typed));
  const [name] = before;
  if (name === undefined) return matching(commandsOf(registry));
  if (Object.hasOwn(OTHERS, name)) return before.length === 1 ? matching(OTHERS[name]!) : [];
  if (name === "help") {
    return matching(before.length === 1 ? commandsOf(registry) : await membersOf(registry, before[1]!));
  }
  if (!Object.hasOwn(registry, name)) return [];
  const command = await registry[name]!.load();
  if (!isFamily(command)) return matching(await forCommand(command, before.slice(1), typed));
  const sub = before[1];
  if (sub === undefined) return matching(await membersOf(registry, name));
  const member = Object.hasOwn(command.commands, sub) ? command.commands[sub]! : undefined;
  return member ? matching(await forCommand(member, before.slice(2), typed)) : [];
}

function commandsOf(registry: Registry): Candidate[] {
  const own = Object.entries(registry).map(([name, { summary }]): Candidate => [name, summary]);
  return [...own, ["serve", "start the service"], ["token", "make, list and revoke tokens"]];
}

async function membersOf(registry: Registry, name: string): Promise<Candidate[]> {
  const command = Object.hasOwn(registry, name) ? await registry[name]!.load() : undefined;
  if (!command || !isFamily(command)) return [];
  return Object.entries(command.commands).map(([sub, { summary }]) => [sub, summary]);
}

async function forCommand(command: Command, before: readonly string[], typed: string): Promise<Candidate[]> {
  if (before.includes("--")) return [[FILES, ""]];
  const options = [...command.options ?? [], ...COMMON_OPTIONS];
  const [asked, places] = walk(options, before);
  const given = commonOf(before);
  const equals = /^(--[a-z-]+)=/.exec(typed);
  if (equals) {
    const option = options.find((each) => `--${flagsOf(each).long}` === equals[1]);
    const values = await candidatesOf(option?.values, typed.slice(equals[0].length), given);
    return values.map(([word, help]) => word === FILES ? [word, help] : [`${equals[0]}${word}`, help]);
  }
  if (asked) return await candidatesOf(asked.values, typed, given);
  if (typed.startsWith("-")) return options.map((each): Candidate => [`--${flagsOf(each).long}`, each.help]);
  return await candidatesOf(argumentAt(command, places)?.values, typed, given);
}

/** The option whose value is being typed, if it is one's; and how many arguments stand before. */
function walk(options: readonly OptionSpec[], before: readonly string[]): [OptionSpec | undefined, number] {
  let places = 0;
  for (let i = 0; i < before.length; i++) {
    const word = before[i]!;
    const option = options.find((each) => {
      const { long, short } = flagsOf(each);
      return word === `--${long}` || (short !== undefined && new RegExp(`^-[a-zA-Z]*${short}$`).test(word));
    });
    if (option && flagsOf(option).placeholder !== undefined) {
      if (i === before.length - 1) return [option, places];
      i++;
    } else if (!word.startsWith("-")) places++;
  }
  return [undefined, places];
}

function argumentAt({ arguments: all = [] }: CommandSpec, place: number): ArgumentSpec | undefined {
  return all[place] ?? (all.at(-1)?.variadic ? all.at(-1) : undefined);
}

/** Which server is meant, by what has been typed. */
function commonOf(words: readonly string[]): { server?: string; tokenFile?: string; caCert?: string } {
  const after = (flag: string) => {
    const at = words.indexOf(flag);
    return at < 0 ? words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1) : words[at + 1];
  };
  return { server: after("--server"), tokenFile: after("--token-file"), caCert: after("--ca-cert") };
}

export type { Values };
