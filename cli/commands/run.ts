/** `stint run`: starts a job. */

import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { attach } from "../jobs/attach.ts";
import { onInterruptOf } from "../jobs/interrupt.ts";
import { SPEC_OPTIONS, specOf, type SpecOptions, wantedVariables } from "../jobs/spec_options.ts";
import { shellVariables } from "../jobs/shell_variables.ts";
import type { Job } from "../jobs/types.ts";

interface Options extends SpecOptions {
  follow?: boolean;
  onInterrupt?: string;
  noStdin?: boolean;
  idempotencyKey?: string;
}

export const command: Command = {
  description: "Starts a job and prints its id. It goes on whatever becomes of this terminal and of the server.\n\n" +
    "With -f, what it prints is shown here as it comes, and this command ends with the job's exit code: 128 and the " +
    "signal's number when a signal ended it, 124 when its --timeout was over, 125 when there is no code. Ctrl-C asks " +
    "whether to detach or to end the job; a second Ctrl-C detaches, and so does Ctrl-C where nobody can be asked (no " +
    "terminal on standard input or standard error), unless --on-interrupt says otherwise. Detached, it exits with 130 " +
    "and the job goes on. A connection that breaks is made again, and nothing is lost or shown twice.\n\n" +
    "What is piped in is the job's standard input; it is text (UTF-8), as large as the server's --max-body allows.",
  arguments: [{
    name: "command",
    help: "a line for /bin/sh; or, behind --, a program and its arguments",
    optional: true,
  }],
  takesRest: "program arguments…",
  options: [
    { flags: "-f, --follow", help: "show what it prints, and exit as it does" },
    ...SPEC_OPTIONS,
    {
      flags: "--on-interrupt <how>",
      help: "what Ctrl-C does with -f: ask, detach, kill (ask)",
      values: ["ask", "detach", "kill"],
    },
    { flags: "--no-stdin", help: "leave standard input alone: needed in a shell's read loop" },
    { flags: "--idempotency-key <key>", help: "asked for twice with the same key, it is started once" },
  ],
  examples: [
    { line: "stint run 'make -j8 && make test'", does: "start a job; its id is printed" },
    { line: "stint run -f -- rsync -a /srv/ backup:/srv/", does: "without a shell, and wait for it" },
    {
      line: "stint run -n nightly -q builds -t 2h -r 3 './build.sh'",
      does: "named, in a queue, with a limit and retries",
    },
    { line: "cat list.txt | stint run -f 'sort | uniq -c'", does: "feed it" },
    { line: "stint run --after 12,13 'echo both are done'", does: "after others" },
    { line: "stint run --start-at 2h -e LANG -e MODE=fast './report'", does: "later, with variables" },
  ],
  async run({ args, rest, options, session }: Call<Options>) {
    const { api, out } = session;
    const onInterrupt = onInterruptOf(options.onInterrupt);
    const variables = await shellVariables(wantedVariables(options));
    const json = {
      ...commandOf(args, rest),
      ...specOf(options, (name) => variables.get(name)),
      ...await input(options, out),
    };
    const headers = options.idempotencyKey === undefined ? undefined : { "idempotency-key": options.idempotencyKey };
    const job = await api.json<Job>("POST", "/api/jobs", { json, headers });
    if (!options.follow) return session.json ? out.json(job) : out.print(String(job.job_id));
    if (session.json) out.json(job);
    else out.hint(`Job ${job.job_id} is ${job.state}.`);
    return await attach(session, job.job_id, onInterrupt);
  },
};

function commandOf(args: string[], rest: string[] | undefined): { command: string } | { argv: string[] } {
  if (rest !== undefined && rest.length > 0) {
    if (args.length === 0) return { argv: rest };
    throw usage("There is a command before -- and one behind it", "Give one of them.");
  }
  if (args.length === 1) return { command: args[0]! };
  throw usage("command is missing", "Give a line for the shell in quotes, or a program and its arguments behind --.");
}

async function input({ noStdin }: Options, out: Call["session"]["out"]): Promise<{ stdin?: string }> {
  if (noStdin) return {};
  const { hasInput, readInputText } = await import("../jobs/stdin.ts");
  return hasInput() ? { stdin: await readInputText(out) } : {};
}
