/** `stint logs`: shows what jobs print. */

import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { atOnce, each } from "../jobs/each.ts";
import { jobId } from "../jobs/resolve.ts";
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
    "With -f it goes on until all of them have ended, over lost connections and restarts of the server, for which it " +
    "waits five minutes. A colour that is in force at the end of a line is set again behind the next prefix.\n\n" +
    "What a job prints goes to the terminal as it is, and a terminal obeys it. Where that is not to be trusted: " +
    "`stint logs 45 | less` (without -R), `| cat -v`, --json, or the log view of `stint top`, which lets through nothing " +
    "but colours.",
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
    { line: "stint logs 45 | cat -v", does: "with every control character made visible" },
  ],
  async run({ args, options, session }: Call<Options>) {
    const { out } = session;
    const tail = linesOf(options.tail);
    const ids: number[] = [];
    const unknown = await each(out, args, async (word) => void ids.push(await jobId(session.api, word, "look")));
    const show: ShowOptions = { tail, only: onlyOf(options) };
    if (options.prefix || (args.length > 1 && !options.noPrefix)) {
      show.prefixWidth = Math.max(...ids.map((id) => String(id).length));
    }
    const shown = options.follow
      ? await atOnce(out, ids, async (id) => void await showFollowed(session, id, show))
      : await each(out, ids, (id) => showPresent(session, id, show));
    return unknown || shown;
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
