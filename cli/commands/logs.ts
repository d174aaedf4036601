/** `stint logs`: shows what jobs print. */

import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { jobIds } from "../jobs/resolve.ts";
import { showFollowed, type ShowOptions, showPresent } from "../jobs/show_output.ts";

interface Options {
  follow?: boolean;
  tail?: string;
  stdout?: boolean;
  stderr?: boolean;
  prefix?: boolean;
  noPrefix?: boolean;
}

export const command: Command = {
  description:
    "Shows what jobs have printed: their standard output on standard output, their standard error on standard " +
    "error, byte for byte, colours included. Of several jobs the lines are told apart by a prefix.\n\n" +
    "With -f it goes on until all of them have ended, over lost connections and restarts of the server.",
  arguments: [{ name: "job", help: "ids or names of jobs", variadic: true, values: "jobs" }],
  options: [
    { flags: "-f, --follow", help: "go on until the job has ended" },
    { flags: "-n, --tail <lines>", help: "only the last so many lines of each output, and what comes after" },
    { flags: "--stdout", help: "only standard output" },
    { flags: "--stderr", help: "only standard error" },
    { flags: "--prefix", help: "put the job's id before each line of a single job, too" },
    { flags: "--no-prefix", help: "put nothing before the lines of several jobs" },
  ],
  examples: [
    { line: "stint logs 45", does: "all that it has printed" },
    { line: "stint logs -f -n 20 nightly", does: "the last 20 lines of the newest job of that name, and what comes" },
    { line: "stint logs -f 45 46 47", does: "three jobs at once" },
    { line: "stint logs --stderr 45 | less -R", does: "page through its errors, in colour" },
  ],
  async run({ args, options, session }: Call<Options>) {
    const ids = await jobIds(session.api, args, "look");
    const show: ShowOptions = { tail: linesOf(options.tail), only: onlyOf(options) };
    if (options.prefix || (ids.length > 1 && !options.noPrefix)) {
      show.prefixWidth = Math.max(...ids.map((id) => String(id).length));
    }
    if (options.follow) await Promise.all(ids.map((id) => showFollowed(session, id, show)));
    else for (const id of ids) await showPresent(session, id, show);
  },
};

function linesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usage(`--tail ${text}: expected a number of lines`);
}

function onlyOf({ stdout, stderr }: Options): ShowOptions["only"] {
  if (stdout && stderr) return undefined;
  return stdout ? "stdout" : stderr ? "stderr" : undefined;
}
