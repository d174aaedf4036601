/** The options of `stint token create` that bind a token to certain jobs. */

import type { Command } from "commander";
import { ConfigError } from "../lib/config.ts";
import type { Scope } from "../lib/domain/scope.ts";
import type { CommandBounds, TokenBounds } from "../lib/domain/token_bounds.ts";
import { LabelsSchema } from "../openapi/job_fields.ts";
import { queueName } from "../openapi/queue_fields.ts";

export interface BoundOptions {
  queue?: string[];
  label?: string[];
  allowArgv?: string[];
  cwd?: string;
  allowEnv?: string[];
  allowStdin?: boolean;
}

const each = (value: string, before: string[] | undefined) => [...before ?? [], value];

export function addBoundOptions(command: Command): Command {
  return command
    .option("--queue <name>", "only jobs of this queue; repeatable", each)
    .option("--label <name=value>", "only jobs with this label, which its own jobs are given; repeatable", each)
    .option(
      "--allow-argv <words>",
      `only commands that begin with these words, as '["./deploy.sh","prod"]' or './deploy.sh prod'; repeatable`,
      each,
    )
    .option("--cwd <directory>", "where the commands of --allow-argv run")
    .option("--allow-env <name>", "a variable that it may set for the commands of --allow-argv; repeatable", each)
    .option("--allow-stdin", "it may feed the commands of --allow-argv");
}

/** Undefined when it is bound to nothing. @throws {ConfigError} */
export function boundsFrom(options: BoundOptions, scopes: readonly Scope[]): TokenBounds | undefined {
  const commands = commandsOf(options);
  const bounds: TokenBounds = {
    ...(options.queue && { queues: [...new Set(options.queue.map(queueOf))] }),
    ...(options.label && { labels: labelsOf(options.label) }),
    ...(commands && { commands }),
  };
  if (Object.keys(bounds).length === 0) return undefined;
  if (scopes.includes("admin")) {
    throw new ConfigError("--scope admin may do everything, so it cannot be bound: name the scopes that are needed");
  }
  return bounds;
}

/** One line about each bound, for people. */
export function describeBounds({ queues, labels, commands }: TokenBounds): string {
  return [
    ...(queues ?? []).map((queue) => `queue ${queue}`),
    ...Object.entries(labels ?? {}).map(([name, value]) => `label ${name}=${value}`),
    ...(commands?.prefixes ?? []).map((prefix) => `argv ${JSON.stringify(prefix)}`),
    ...(commands?.cwd === undefined ? [] : [`cwd ${commands.cwd}`]),
    ...(commands?.env ?? []).map((name) => `env ${name}`),
    ...(commands?.stdin ? ["stdin"] : []),
  ].join("; ");
}

function queueOf(text: string): string {
  const result = queueName.safeParse(text);
  if (result.success) return result.data;
  throw new ConfigError(`--queue ${text}: ${result.error.issues[0]!.message}`);
}

function labelsOf(given: string[]): Record<string, string> {
  const pairs = given.map((text): [string, string] => {
    const at = text.indexOf("=");
    if (at < 1) throw new ConfigError(`--label ${text}: expected name=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  const labels = Object.fromEntries(pairs);
  const twice = pairs.find(([name, value]) => labels[name] !== value);
  if (twice) throw new ConfigError(`--label ${twice[0]}: expected one value for it`);
  const result = LabelsSchema.safeParse(labels);
  if (!result.success) throw new ConfigError(`--label: ${result.error.issues[0]!.message}`);
  return labels;
}

function commandsOf({ allowArgv, cwd, allowEnv, allowStdin }: BoundOptions): CommandBounds | undefined {
  if (!allowArgv) {
    const option = cwd !== undefined ? "--cwd" : allowEnv ? "--allow-env" : allowStdin ? "--allow-stdin" : undefined;
    if (option) {
      throw new ConfigError(`${option}: it says something of the commands of --allow-argv, and there are none`);
    }
    return undefined;
  }
  if (cwd !== undefined && !cwd.startsWith("/")) throw new ConfigError(`--cwd ${cwd}: expected an absolute path`);
  const bad = allowEnv?.find((name) => !/^[^=\0]+$/.test(name));
  if (bad !== undefined) throw new ConfigError(`--allow-env ${bad}: expected the name of a variable`);
  return {
    prefixes: allowArgv.map(prefixOf),
    ...(cwd !== undefined && { cwd }),
    ...(allowEnv && { env: [...new Set(allowEnv)] }),
    ...(allowStdin && { stdin: true }),
  };
}

/** Words as JSON, or with spaces between where nothing in them could be meant otherwise. */
function prefixOf(text: string): string[] {
  const words = text.trimStart().startsWith("[") ? wordsOfJson(text) : text.split(/\s+/).filter(Boolean);
  const plain = text.trimStart().startsWith("[") || !/["'\\`$;|&<>*?]/.test(text);
  if (plain && words?.length && words[0] !== "" && !words.some((word) => word.includes("\0"))) return words;
  throw new ConfigError(`--allow-argv ${text}: expected words as a JSON array, such as '["./deploy.sh","prod"]'`);
}

function wordsOfJson(text: string): string[] | undefined {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : undefined;
  } catch {
    // The caller says what was expected.
    return undefined;
  }
}
