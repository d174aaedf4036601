/** `stint set`: sets a key. */

import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { seconds } from "../jobs/times.ts";
import {
  ABSENT_OPTION,
  CONDITION_OPTIONS,
  conditionHeaders,
  type ConditionOptions,
  keyPath,
  versionOf,
} from "../keys/key_path.ts";

interface Options extends ConditionOptions {
  ttl?: string;
  file?: string;
}

export const command: Command = {
  description:
    "Sets a key to a value: the word behind it, or what is piped in, or a file, byte for byte. A value is UTF-8 of " +
    "at most 1024 bytes. When this command ends with 0, the value is on the server's disk. A condition that does not hold " +
    "changes nothing and exits with 4.",
  arguments: [
    { name: "key", help: "its name: letters and digits", values: "keys" },
    { name: "value", help: "its value; - or nothing: standard input", optional: true },
  ],
  options: [
    { flags: "--file <file>", help: "the value is what is in this file", values: "local-files" },
    { flags: "--ttl <time>", help: "it is gone after this time: 90, 5m, 2h" },
    ...CONDITION_OPTIONS,
    ABSENT_OPTION,
  ],
  examples: [
    { line: "stint set release 2.4.1", does: "set it" },
    { line: "stint set config --file config.yaml", does: "from a file" },
    {
      line: "stint set lock $$ --if-absent --ttl 5m",
      does: "take a lock for five minutes; exit code 4: somebody has it",
    },
    { line: "stint set release 2.4.2 --if-version 17", does: "only if nobody has changed it since" },
  ],
  async run({ args: [key, value], options, session }: Call<Options>) {
    const { api, out } = session;
    const path = keyPath(key!);
    const headers = conditionHeaders(options);
    const query = new URLSearchParams(options.ttl === undefined ? {} : { ttl: String(seconds(options.ttl, "--ttl")) });
    const body = await valueOf(value, options, out);
    const response = await api.request("PUT", path, { query, headers, body });
    await response.body?.cancel();
    const version = versionOf(response.headers);
    if (session.json) out.json({ key, version, created: response.status === 201 });
    else out.hint(`${key} is set; version ${version}.`);
  },
};

/** Bytes of the largest value that there can be. */
const MOST = 1024;

async function valueOf(value: string | undefined, { file }: Options, out: Call["session"]["out"]): Promise<BodyInit> {
  if (file !== undefined) {
    if (value !== undefined) throw usage("There is a value and a --file", "Give one of them.");
    try {
      return await Deno.readFile(file);
    } catch (error) {
      throw usage(`--file ${file} cannot be read: ${(error as Error).message}`);
    }
  }
  if (value !== undefined && value !== "-") return value;
  if (Deno.stdin.isTerminal()) throw usage("value is missing", "Give it behind the key, pipe it in, or name a --file.");
  return await (await import("../jobs/stdin.ts")).readInput(out, MOST);
}
