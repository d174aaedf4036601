/** Help for people, made from what commands say of themselves. */

import { type AnyCommand, type CommandSpec, isFamily, type OptionSpec, type Registry } from "./command.ts";
import { COMMON_OPTIONS } from "./options.ts";

/** How a command is called: `stint logs [options] <job…>`. */
export function usageLine(name: string, spec: CommandSpec): string {
  const args = (spec.arguments ?? []).map(({ name, optional, variadic }) => {
    const text = `${name}${variadic ? "…" : ""}`;
    return optional ? `[${text}]` : `<${text}>`;
  });
  return ["stint", name, "[options]", ...args, ...spec.takesRest ? [`[-- ${spec.takesRest}]`] : []].join(" ");
}

/** All about one command. `width`: columns that the text may take. */
export function helpText(name: string, summary: string, command: AnyCommand, width = 100): string {
  if (isFamily(command)) {
    const members = Object.entries(command.commands).map(([sub, { summary }]) => [`${name} ${sub}`, summary] as const);
    return [
      `stint ${name}: ${summary}`,
      ...paragraph(command.description, width),
      `Commands (\`stint help ${name} ${Object.keys(command.commands)[0]}\` says more):\n${pairs(members, width)}`,
      examples(command, width),
    ].join("\n\n");
  }
  return [
    `stint ${name}: ${summary}`,
    `Usage: ${usageLine(name, command)}`,
    ...paragraph(command.description, width),
    ...command.arguments?.length
      ? [`Arguments:\n${pairs(command.arguments.map((each) => [each.name, each.help] as const), width)}`]
      : [],
    ...command.options?.length ? [`Options:\n${options(command.options, width)}`] : [],
    `Options of all commands:\n${options(COMMON_OPTIONS, width)}`,
    examples(command, width),
  ].join("\n\n");
}

/** The overview of all commands. `others`: commands with help of their own, by name. */
export function overviewText(registry: Registry, others: Record<string, string>, width = 100): string {
  const groups = Map.groupBy(Object.entries(registry), ([, { group }]) => group);
  const blocks = [...groups].map(([group, entries]) => {
    return `${group}:\n${pairs(entries.map(([name, { summary }]) => [name, summary] as const), width)}`;
  });
  return [
    "stint: a host for long work: commands, transfers, held requests and durable keys over HTTP.",
    "Usage: stint [options of the service]        start the service\n" +
    "       stint <command> [options] [words]     speak to a running one",
    ...blocks,
    `On the server's machine:\n${pairs(Object.entries(others), width)}`,
    "`stint help <command>` says more, with examples. The server is http://127.0.0.1:8080 unless --server, STINT_SERVER " +
    "or the\nconfiguration file says otherwise.",
  ].join("\n\n");
}

function paragraph(text: string | undefined, width: number): string[] {
  return text === undefined ? [] : text.split("\n\n").map((each) => wrap(each, width));
}

function options(specs: readonly OptionSpec[], width: number): string {
  // Those without a short form are set in, so that the long ones stand below each other.
  return pairs(specs.map(({ flags, help }) => [flags.startsWith("--") ? `    ${flags}` : flags, help] as const), width);
}

function examples({ examples }: { examples: CommandSpec["examples"] }, width: number): string {
  return `Examples:\n${examples.map(({ line, does }) => `  # ${wrap(does, width - 4)}\n  ${line}`).join("\n")}`;
}

/** Two columns, the second one wrapped. */
function pairs(entries: readonly (readonly [string, string])[], width: number): string {
  const first = Math.min(30, Math.max(...entries.map(([name]) => name.length)));
  return entries.map(([name, text]) => {
    const lines = wrap(text, Math.max(30, width - first - 4)).split("\n");
    const head = name.length > first ? `  ${name}\n${" ".repeat(first + 4)}` : `  ${name.padEnd(first)}  `;
    return head + lines.join(`\n${" ".repeat(first + 4)}`);
  }).join("\n");
}

/** Lines of at most `width` columns, broken at spaces. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
