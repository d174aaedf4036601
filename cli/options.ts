/** Options that every client command takes, and how options are named. */

import type { OptionSpec } from "./command.ts";

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--server <url-or-name>",
    help: "the server: its URL, or its name in the configuration file [STINT_SERVER]",
    values: "servers",
  },
  {
    flags: "--token-file <file>",
    help: "show the token in this file (mode 0600) [STINT_TOKEN]",
    values: "local-files",
  },
  { flags: "--ca-cert <file>", help: "trust this authority too (PEM) [STINT_CA_CERT]", values: "local-files" },
  { flags: "--json", help: "print what the server answers, as JSON; streams as one object a line" },
  { flags: "--color <when>", help: "auto, always or never [NO_COLOR]", values: ["auto", "always", "never"] },
  { flags: "-h, --help", help: "show this help" },
];

/** An option's flags, taken apart. */
export interface Flags {
  short?: string;
  long: string;
  /** What stands for its value; undefined for one without. */
  placeholder?: string;
  key: string;
}

/** `-n, --tail <lines>` → short `n`, long `tail`, placeholder `lines`, key `tail`. */
export function flagsOf(option: OptionSpec): Flags {
  const match = /^(?:-(\w), )?--([a-z-]+)(?: <(.+)>)?$/.exec(option.flags);
  if (!match) throw new TypeError(`Not understood: ${option.flags}`);
  const [, short, long, placeholder] = match;
  const key = long!.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { short, long: long!, placeholder, key };
}
