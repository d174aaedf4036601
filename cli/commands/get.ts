/** `stint get`: prints the value of a key. */

import type { Call, Command } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { etag, keyPath, versionOf } from "../keys/key_path.ts";
import { writeAll } from "../output.ts";

interface Options {
  ifChanged?: string;
}

export const command: Command = {
  description:
    "Prints the value of a key, byte for byte: a line end is added only at a terminal. Exits with 3 when there is " +
    "no such key.",
  arguments: [{ name: "key", help: "its name", values: "keys" }],
  options: [{ flags: "--if-changed <version>", help: "print it only if its version is another; else exit with 4" }],
  examples: [
    { line: "stint get release", does: "print it" },
    { line: "stint get config > config.yaml", does: "into a file" },
    { line: "stint get --json release", does: "with its version, for --if-version" },
  ],
  async run({ args: [key], options, session }: Call<Options>) {
    const { api, out } = session;
    const headers = options.ifChanged === undefined
      ? undefined
      : { "if-none-match": etag(options.ifChanged, "--if-changed") };
    const response = await api.request("GET", keyPath(key!), { headers });
    if (response.status === 304) {
      if (session.json) out.json({ key, version: versionOf(response.headers), changed: false });
      return EXIT.conflict;
    }
    const bytes = await api.readBytes(response);
    if (session.json) {
      return out.json({ key, value: new TextDecoder().decode(bytes), version: versionOf(response.headers) });
    }
    writeAll(Deno.stdout, bytes);
    if (out.isTerminal && bytes.at(-1) !== 10) out.print("");
  },
};
