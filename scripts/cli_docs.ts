/** `docs/cli.md`, made from what the commands say of themselves. */

import { type AnyCommand, type CommandSpec, isFamily, type OptionSpec } from "../cli/command.ts";
import { EXIT, EXIT_MEANINGS } from "../cli/exit_codes.ts";
import { usageLine } from "../cli/help_text.ts";
import { COMMON_OPTIONS } from "../cli/options.ts";
import { REGISTRY } from "../cli/registry.ts";

const HEAD = `# The command line

Made by \`deno task cli-docs\` from the help of the commands.

\`stint\` without a command, or \`stint serve\`, starts the service; everything else here speaks to a running one, on this
machine or another. From the sources it is \`deno task start ps\`. \`stint help COMMAND\` says what this page says.

## Which server

\`--server\`, else \`STINT_SERVER\`, else the \`default\` of the configuration file, else \`http://127.0.0.1:8080\`. The
first two are a URL or a name out of the configuration file, which is \`STINT_CLIENT_CONFIG\`, else \`stint/config.json\`
in \`XDG_CONFIG_HOME\` (\`~/.config\`):

\`\`\`json
{
  "default": "local",
  "servers": {
    "local": { "url": "http://127.0.0.1:8080" },
    "prod": { "url": "https://stint.example:8443", "token_file": "~/.config/stint/prod.token", "ca_cert": "/etc/ca.pem" }
  }
}
\`\`\`

The token is that of \`--token-file\`, else of the named server (\`token_file\`, or \`token\`), else \`STINT_TOKEN\`. Files
that hold one have to be closed to others (mode 0600). \`--ca-cert\`, a server's \`ca_cert\` or \`STINT_CA_CERT\` names an
authority to trust besides the usual ones.

## Output

Results go to standard output, everything else to standard error. Tables are cut to the terminal's width, never in a pipe.
Colours are for terminals; \`NO_COLOR\` and \`--color\` say otherwise. With \`--json\` a command prints what the server
answered, on one line, and streams one object a line: \`{"event":…,"data":…}\`, with \`job_id\` where they are a job's.
What has no answer of its own (\`DELETE\`, \`PUT\` of a key) prints what was named. Errors are then
\`{"error":{"message":…,"hint":…,"exit_code":…}}\` on standard error, with \`status\`, \`retry_after\` and the server's \`problem\`
where it refused, and news \`{"note":…}\`.

An answer has to begin within 30 seconds. What follows something (\`-f\`, \`--watch\`, \`wait\`, \`watch\`) outlives lost
connections and restarts of the server, and gives up (69) when it is away for five minutes; the job goes on. Who reads the
output and goes ends a command at what it writes next.

## What reaches the terminal

Names, commands, labels, values in tables and messages of a server are others' text: control characters, escape sequences
and marks that turn the direction of text are shown as pictures (\`␛\`), and are escaped in JSON, so that none of them gives
orders to a terminal. \`logs\`, \`run -f\`, \`get\` and \`fetch -o -\` hand on bytes as they are, which is what they are for, and a
terminal obeys what is in them. Output that is not to be trusted is read with \`| less\` (without \`-R\`), \`| cat -v\`, \`--json\`,
or in \`stint top\`, which lets through colours and nothing else.

## Names and times

Where a job is asked for, its id or its name will do: the newest of that name to look at it, the only one that has not
ended to change it. Times are seconds (\`90\`) or have units (\`30s\`, \`5m\`, \`2h30m\`, \`1d\`).

## Completion

\`\`\`sh
eval "$(stint completion bash)"                                   # in ~/.bashrc
eval "$(stint completion zsh)"                                    # in ~/.zshrc, after compinit
stint completion fish > ~/.config/fish/completions/stint.fish     # once
\`\`\`
`;

/** The whole page. */
export async function cliDocs(): Promise<string> {
  const parts = [HEAD, exitCodes(), `## Options of all commands\n\n${options(COMMON_OPTIONS)}`];
  let group = "";
  for (const [name, entry] of Object.entries(REGISTRY)) {
    if (entry.group !== group) parts.push(`## ${group = entry.group}`);
    parts.push(section(name, entry.summary, await entry.load()));
  }
  return `${parts.join("\n\n").replaceAll(/\n{3,}/g, "\n\n").trim()}\n`;
}

function exitCodes(): string {
  const rows = Object.entries(EXIT).map(([name, code]) => [String(code), EXIT_MEANINGS[name as keyof typeof EXIT]]);
  return `## Exit codes\n\n${table(["code", "meaning"], rows)}`;
}

function section(name: string, summary: string, command: AnyCommand): string {
  if (!isFamily(command)) return `### stint ${name}\n\n${sentence(summary)}\n\n${body(name, command)}`;
  const members = Object.entries(command.commands).map(([sub, member]) => {
    return `#### stint ${name} ${sub}\n\n${sentence(member.summary)}\n\n${body(`${name} ${sub}`, member)}`;
  });
  return [
    `### stint ${name}\n\n${sentence(summary)}`,
    ...command.description ? [escaped(command.description)] : [],
    examples(command),
    ...members,
  ].join("\n\n");
}

function body(name: string, spec: CommandSpec): string {
  return [
    `\`${usageLine(name, spec)}\``,
    ...spec.description ? [escaped(spec.description)] : [],
    ...spec.options?.length ? [options(spec.options)] : [],
    examples(spec),
  ].join("\n\n");
}

function options(specs: readonly OptionSpec[]): string {
  return table(["option", "meaning"], specs.map(({ flags, help }) => [`\`${flags}\``, escaped(help)]));
}

function examples({ examples }: { examples: CommandSpec["examples"] }): string {
  return `\`\`\`sh\n${examples.map(({ line, does }) => `${line}   # ${does}`).join("\n")}\n\`\`\``;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

/** What Markdown would take for its own. */
function escaped(text: string): string {
  return text.replaceAll(/[<>*_]/g, (character) => `\\${character}`);
}
