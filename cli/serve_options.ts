/** The options of `serve` on the command line. */

import { Option as CommanderOption } from "commander";
import type { Command } from "commander";
import { type Option, type OptionName, OPTIONS, variableOf } from "../lib/config/options.ts";
import type { Sources } from "../lib/config.ts";

const NAMES = Object.keys(OPTIONS) as OptionName[];

/** Declares every option of the table on `command`. Values stay as they were typed: the configuration reads them. */
export function addServeOptions(command: Command): void {
  command.option("--config <file>", "read options from this JSON file (STINT_CONFIG)");
  for (const name of NAMES) {
    const option: Option = OPTIONS[name];
    const flags = option.placeholder ? `--${option.flag} <${option.placeholder}>` : `--${option.flag}`;
    const declared = new CommanderOption(flags, `${option.help} [${variableOf(option)}]`);
    if (option.repeatable) {
      declared.argParser((value: string, before: string[] | undefined) => [...before ?? [], value]);
    }
    command.addOption(declared);
  }
}

/** What was given on the command line, by the names of the table. */
export function flagsOf(command: Command): Sources["flags"] {
  const values = command.opts();
  const flags: Sources["flags"] = { config: values.config };
  for (const name of NAMES) flags[name] = values[keyOf(OPTIONS[name].flag)];
  return flags;
}

/** Commander's name for a flag's value. */
function keyOf(flag: string): string {
  return flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
