/** `stint rerun`: starts a job again. */

import type { Call, Command } from "../command.ts";
import { attach } from "../jobs/attach.ts";
import { onInterruptOf } from "../jobs/interrupt.ts";
import { jobId } from "../jobs/resolve.ts";
import type { Job } from "../jobs/types.ts";

interface Options {
  follow?: boolean;
  onInterrupt?: string;
}

export const command: Command = {
  description: "Makes a new job like an old one, whatever became of that: at once and after nobody. Prints its id.",
  arguments: [{ name: "job", help: "id or name of a job", values: "jobs" }],
  options: [
    { flags: "-f, --follow", help: "show what it prints, and exit as it does" },
    {
      flags: "--on-interrupt <how>",
      help: "what Ctrl-C does with -f: ask, detach, kill (ask)",
      values: ["ask", "detach", "kill"],
    },
  ],
  examples: [{ line: "stint rerun -f 45", does: "once more, and wait for it" }],
  async run({ args, options, session }: Call<Options>) {
    const { api, out } = session;
    const onInterrupt = onInterruptOf(options.onInterrupt);
    const id = await jobId(api, args[0]!, "look");
    const job = await api.json<Job>("POST", `/api/jobs/${id}/rerun`);
    if (!options.follow) return session.json ? out.json(job) : out.print(String(job.job_id));
    if (session.json) out.json(job);
    else out.hint(`Job ${job.job_id} is ${job.state}.`);
    return await attach(session, job.job_id, onInterrupt);
  },
};
