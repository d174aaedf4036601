/** The options of `run`, and the job that they ask for. */

import type { OptionSpec } from "../command.ts";
import { usage } from "../errors.ts";
import { moment, seconds } from "./times.ts";
import type { JobSpec } from "./types.ts";

export interface SpecOptions {
  name?: string;
  label?: string[];
  queue?: string;
  priority?: string;
  timeout?: string;
  grace?: string;
  env?: string[];
  cwd?: string;
  maxOutput?: string;
  startAt?: string;
  after?: string[];
  if?: string;
  retries?: string;
  retryDelay?: string;
  backoff?: string;
  maxRetryDelay?: string;
}

export const SPEC_OPTIONS: readonly OptionSpec[] = [
  { flags: "-n, --name <name>", help: "to find it again" },
  { flags: "-l, --label <name=value>", help: "a label; repeatable", repeatable: true },
  { flags: "-q, --queue <name>", help: "the queue that it goes through (default)", values: "queues" },
  { flags: "-p, --priority <number>", help: "-1000 to 1000; higher goes first (0)" },
  { flags: "-t, --timeout <time>", help: "it is ended after this time: 90, 5m, 2h" },
  { flags: "--grace <time>", help: "from SIGTERM to SIGKILL (5s)" },
  {
    flags: "-e, --env <name=value>",
    help: "a variable; NAME alone hands on this shell's; repeatable",
    repeatable: true,
  },
  { flags: "-C, --cwd <directory>", help: "working directory on the server, absolute" },
  { flags: "--max-output <bytes>", help: "it is ended when it prints more" },
  { flags: "--start-at <time>", help: "no earlier than 2026-08-20T03:00, or 2h for in two hours" },
  {
    flags: "-a, --after <ids>",
    help: "when these jobs have ended, with commas between; repeatable",
    repeatable: true,
    values: "active-jobs",
  },
  { flags: "--if <how>", help: "how those have to end (succeeded)", values: ["succeeded", "done"] },
  { flags: "-r, --retries <number>", help: "try again so often when it fails (0)" },
  { flags: "--retry-delay <time>", help: "before the second attempt (1s)" },
  { flags: "--backoff <factor>", help: "by which that grows each time (2)" },
  { flags: "--max-retry-delay <time>", help: "the longest that it grows to (1h)" },
];

/** The variables of `--env NAME`, which are this shell's. @throws {CliError} for what is no name. */
export function wantedVariables({ env = [] }: SpecOptions): string[] {
  const names = env.filter((each) => !each.includes("="));
  const bad = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (bad !== undefined) throw usage(`--env ${bad}: expected the name of a variable, or name=value`);
  return names;
}

/** The fields that the options stand for. `env`: this shell's. @throws {CliError} */
export function specOf(options: SpecOptions, env: (name: string) => string | undefined): Partial<JobSpec> {
  const { name, queue, cwd, label, env: variables, startAt, after } = options;
  // What is not given is undefined, which JSON leaves out: the server knows its defaults.
  return {
    name,
    queue,
    cwd,
    labels: label && Object.fromEntries(label.map((each) => pair(each, "--label", /[=:]/))),
    env: variables && Object.fromEntries(variables.map((each) => variable(each, env))),
    priority: number(options.priority, "--priority"),
    timeout: time(options.timeout, "--timeout"),
    grace: time(options.grace, "--grace"),
    max_output: number(options.maxOutput, "--max-output"),
    start_at: startAt === undefined ? undefined : moment(startAt, "--start-at", "ahead"),
    after: after?.flatMap((each) => each.split(",")).map((each) => number(each, "--after")!),
    if: options.if === undefined ? undefined : condition(options.if),
    retries: number(options.retries, "--retries"),
    retry_delay: time(options.retryDelay, "--retry-delay"),
    backoff: number(options.backoff, "--backoff"),
    max_retry_delay: time(options.maxRetryDelay, "--max-retry-delay"),
  };
}

function pair(text: string, option: string, separator: RegExp): [string, string] {
  const at = text.search(separator);
  if (at < 1) throw usage(`${option} ${text}: expected name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function variable(text: string, env: (name: string) => string | undefined): [string, string] {
  if (text.includes("=")) return pair(text, "--env", /=/);
  const value = env(text);
  if (value === undefined) throw usage(`--env ${text}: there is no such variable here`, "Give it a value: NAME=value.");
  return [text, value];
}

function number(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw usage(`${option} ${text}: expected a number`);
  return value;
}

function time(text: string | undefined, option: string): number | undefined {
  return text === undefined ? undefined : seconds(text, option);
}

function condition(text: string): "succeeded" | "done" {
  if (text === "succeeded" || text === "done") return text;
  throw usage(`--if ${text}: expected succeeded or done`);
}
