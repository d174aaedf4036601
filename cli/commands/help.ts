/** `stint help`: shows what commands do. */

import { type AnyCommand, type Call, type Command, isFamily, type Registry } from "../command.ts";
import { usage } from "../errors.ts";
import { helpText, overviewText, usageLine } from "../help_text.ts";
import { nearest } from "../suggest.ts";

/** As wide as is comfortable to read. */
const WIDEST = 100;
/** Commands with help of their own. */
const OTHERS = {
  serve: "start the service (also when no command is named); --help lists its options",
  token: "make, list and revoke tokens in a data directory",
};

export const command: Command = {
  arguments: [{ name: "command", help: "what to explain", optional: true, variadic: true, values: "commands" }],
  examples: [
    { line: "stint help", does: "all commands" },
    { line: "stint help run", does: "one of them, with examples" },
    { line: "stint help queue set", does: "one of a family" },
  ],
  async run({ args, session: { out, json }, registry }: Call) {
    if (json) return out.json({ commands: await described(args, registry) });
    const width = Math.min(WIDEST, out.columns);
    const [name, sub] = args;
    if (name === undefined) return out.print(overviewText(registry, OTHERS, width));
    if (Object.hasOwn(OTHERS, name)) {
      return void await (await import("../own_parser.ts")).runOwnParser([...args, "--help"]);
    }
    const entry = Object.hasOwn(registry, name) ? registry[name]! : undefined;
    if (!entry) throw unknown(name, Object.keys(registry));
    const command: AnyCommand = await entry.load();
    if (sub === undefined) return out.print(helpText(name, entry.summary, command, width));
    const member = isFamily(command) && Object.hasOwn(command.commands, sub) ? command.commands[sub]! : undefined;
    if (!member) {
      throw unknown(
        `${name} ${sub}`,
        isFamily(command) ? Object.keys(command.commands).map((each) => `${name} ${each}`) : [],
      );
    }
    out.print(helpText(`${name} ${sub}`, member.summary, member, width));
  },
};

/** Commands as data; `args` narrow it down. */
async function described(args: readonly string[], registry: Registry) {
  const all = [];
  for (const [name, { group, summary, load }] of Object.entries(registry)) {
    const command = await load();
    if (isFamily(command)) {
      const { commands } = command;
      for (const [sub, member] of Object.entries(commands)) {
        all.push(asData(`${name} ${sub}`, group, member.summary, member));
      }
    } else all.push(asData(name, group, summary, command));
  }
  const wanted = args.join(" ");
  const found = all.filter(({ name }) => wanted === "" || name === wanted || name.startsWith(`${wanted} `));
  if (found.length === 0) throw unknown(wanted, all.map(({ name }) => name));
  return found;
}

function asData(name: string, group: string, summary: string, command: Command) {
  const { description, arguments: args = [], options = [], examples } = command;
  return { name, group, summary, usage: usageLine(name, command), description, arguments: args, options, examples };
}

function unknown(name: string, names: readonly string[]) {
  const near = nearest(name, names);
  return usage(
    `there is no command ${name}`,
    near ? `Did you mean \`stint help ${near}\`?` : "`stint help` lists them all.",
  );
}
