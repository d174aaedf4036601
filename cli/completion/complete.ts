/** `stint __complete`: what a shell may offer for the word at the cursor. */

import { type ArgumentSpec, type CommandSpec, isFamily, type OptionSpec, type Registry } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { COMMON_OPTIONS, flagsOf } from "../options.ts";
import { Session } from "../session.ts";
import { plain } from "../terminal/plain.ts";
import { firstWord, without } from "../words.ts";
import { type Candidate, candidatesOf, FILES } from "./candidates.ts";

/** Commands with options of their own parser. */
const OTHERS: Record<string, readonly Candidate[]> = {
  serve: [["--help", "lists its options"]],
  token: [["create", "make a token"], ["list", "show all tokens"], ["revoke", "end a token"]],
};

/** Prints one candidate a line: the word, a tab, and what it is. `words`: all behind `stint`; the last one is being typed. */
export async function complete(words: readonly string[], registry: Registry): Promise<number> {
  const found = await candidates(words.length === 0 ? [""] : words, registry);
  const { out } = new Session({});
  for (const [word, help] of found) out.print(help === "" ? word : `${word}\t${plain(help)}`);
  return EXIT.ok;
}

/** What may stand where the last word is. Never fails: a shell has nowhere to show an error. */
export async function candidates(words: readonly string[], registry: Registry): Promise<Candidate[]> {
  const typed = words.at(-1)!;
  const found = await offered(words.slice(0, -1), typed, registry);
  // A line is a candidate: a name with a line end or worse in it is none.
  return found.filter(([word]) => (word === FILES || word.startsWith(typed)) && word === plain(word));
}

async function offered(before: readonly string[], typed: string, registry: Registry): Promise<readonly Candidate[]> {
  const at = firstWord(before);
  if (at === undefined) return await commonOptions(before, typed) ?? commandsOf(registry);
  const name = before[at]!;
  const others = without(before, at);
  if (Object.hasOwn(OTHERS, name)) return others.length === 0 ? OTHERS[name]! : [];
  if (name === "help") return others.length === 0 ? commandsOf(registry) : await membersOf(registry, others[0]!);
  if (!Object.hasOwn(registry, name)) return [];
  const command = await registry[name]!.load();
  if (!isFamily(command)) return await forCommand(command, others, typed);
  const second = firstWord(others);
  if (second === undefined) return await commonOptions(others, typed) ?? await membersOf(registry, name);
  const sub = others[second]!;
  if (!Object.hasOwn(command.commands, sub)) return [];
  return await forCommand(command.commands[sub]!, without(others, second), typed);
}

/** Options of all commands, and their values, before there is a command; nothing where a command may stand. */
async function commonOptions(before: readonly string[], typed: string): Promise<Candidate[] | undefined> {
  const none: CommandSpec = { examples: [] };
  const isValue = walk(COMMON_OPTIONS, before)[0] !== undefined;
  return isValue || typed.startsWith("-") ? await forCommand(none, before, typed) : undefined;
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

async function forCommand(command: CommandSpec, before: readonly string[], typed: string): Promise<Candidate[]> {
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
