/** `stint watch`: follows the changes of keys. */

import { follow } from "../api/following.ts";
import type { Call, Command } from "../command.ts";
import { CliError, usage } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { plain } from "../terminal/plain.ts";

interface Options {
  after?: string;
  once?: boolean;
}

export const command: Command = {
  description:
    "Prints each change of keys as it happens, over lost connections and restarts of the server, until Ctrl-C. The " +
    "first column is the version, from which --after goes on.",
  arguments: [{ name: "prefix", help: "only keys that begin with it", optional: true, values: "keys" }],
  options: [
    { flags: "--after <version>", help: "begin after this version, with what has happened since" },
    { flags: "--once", help: "end after the first change" },
  ],
  examples: [
    { line: "stint watch", does: "all changes from now on" },
    { line: "stint watch --once release && ./deploy", does: "wait for a change" },
    { line: "stint watch --json --after 17 conf", does: "for a program, from a version on" },
  ],
  async run({ args: [prefix], options, session }: Call<Options>) {
    const { api, out } = session;
    const { after, once } = options;
    if (after !== undefined && !/^\d{1,16}$/.test(after)) throw usage(`--after ${after}: expected a version: a number`);
    const query = new URLSearchParams(prefix === undefined ? {} : { prefix });
    const onLoss = (error: Error) => out.note(`stint: ${error.message}; trying again`);
    for await (const { event, data } of follow(api, "/api/keys/events", { query, lastId: after, onLoss })) {
      const value = JSON.parse(data);
      if (event === "gone") {
        throw new CliError(
          "Changes came faster than they could be shown",
          EXIT.failed,
          `Go on with --after ${value.oldest}.`,
        );
      }
      if (session.json) out.json({ event, data: value });
      else out.print([value.version, event, value.key, ...event === "put" ? [plain(value.value)] : []].join("  "));
      if (once) return;
    }
  },
};
