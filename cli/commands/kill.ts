/** `stint kill`: ends jobs, or sends them a signal. */

import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { control } from "../jobs/control.ts";
import { each } from "../jobs/each.ts";
import { jobId, workerId } from "../jobs/resolve.ts";
import type { Job } from "../jobs/types.ts";

interface Options {
  signal?: string;
  to?: string;
}

export const command: Command = {
  description:
    "Ends all processes of jobs: SIGTERM, and after the job's grace SIGKILL. One that has not begun is cancelled. " +
    "A worker-id ends an upload or a download.\n\nWith --signal it sends just that signal.",
  arguments: [{ name: "job", help: "ids or names of jobs, or worker-ids", variadic: true, values: "active-jobs" }],
  options: [
    {
      flags: "-s, --signal <name>",
      help: "send this signal: USR1, HUP, 10",
      values: ["HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "TERM", "CONT", "STOP", "WINCH"],
    },
    { flags: "--to <whom>", help: "with --signal: all processes, or the job's own one (all)", values: ["all", "job"] },
  ],
  examples: [
    { line: "stint kill 45", does: "end a job" },
    { line: "stint kill -s USR1 45", does: "send a signal" },
  ],
  async run({ args, options, session }: Call<Options>) {
    const { signal, to } = options;
    if (signal === undefined) {
      if (to !== undefined) throw usage("--to says nothing without --signal");
      return await control({ args, session }, "terminated");
    }
    return await each(session.out, args, async (word) => {
      if (await workerId(session.api, word)) throw usage(`${word} is a worker; only jobs take signals`);
      const id = await jobId(session.api, word, "change");
      const json = { signal: /^\d+$/.test(signal) ? Number(signal) : signal, ...(to && { to }) };
      const job = await session.api.json<Job>("POST", `/api/jobs/${id}/signal`, { json });
      if (session.json) session.out.json(job);
      else session.out.print(`Job ${id} was sent ${signal}.`);
    });
  },
};
