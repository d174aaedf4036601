/** What a command is: data from which parsing, help, completion and `docs/cli.md` are made, and what it does. */

import type { Session } from "./session.ts";

/** Where the values of an argument or option come from, for completion: a fixed list, or something to look up. */
export type Values =
  | readonly string[]
  | "jobs"
  | "active-jobs"
  | "queues"
  | "keys"
  | "stored-files"
  | "uploads"
  | "local-files"
  | "servers"
  | "commands";

export interface ArgumentSpec {
  name: string;
  help: string;
  optional?: boolean;
  /** It takes all words that are left. */
  variadic?: boolean;
  values?: Values;
}

export interface OptionSpec {
  /** `-f, --follow`, `--name <text>`. Its key among the parsed options is the long name in camel case. */
  flags: string;
  help: string;
  /** Given again, it adds to what was given before; the value is an array. */
  repeatable?: boolean;
  values?: Values;
}

export interface Example {
  line: string;
  does: string;
}

export interface CommandSpec {
  /** More than the line in the overview has. */
  description?: string;
  arguments?: readonly ArgumentSpec[];
  options?: readonly OptionSpec[];
  examples: readonly Example[];
  /** What comes after `--` is taken as it is. */
  takesRest?: string;
}

/** What was on the command line. */
export interface Call<O = Record<string, unknown>> {
  args: string[];
  /** What came after `--`; undefined where there was none. */
  rest?: string[];
  options: O;
  session: Session;
  /** All commands there are. */
  registry: Registry;
}

/** A command. `run` resolves with the exit code; nothing means 0. */
export interface Command extends CommandSpec {
  run(call: Call): Promise<number | void>;
}

/** A command that is a family: `stint queue list`. */
export interface CommandFamily {
  description?: string;
  examples: readonly Example[];
  commands: Record<string, Command & { summary: string }>;
  /** The one that runs when none is named. */
  fallback?: string;
}

export type AnyCommand = Command | CommandFamily;

export function isFamily(command: AnyCommand): command is CommandFamily {
  return "commands" in command;
}

/** A command as the overview has it; its module is loaded when it is needed. */
export interface CommandEntry {
  group: string;
  summary: string;
  load(): Promise<AnyCommand>;
}

/** All commands by name. */
export type Registry = Record<string, CommandEntry>;
