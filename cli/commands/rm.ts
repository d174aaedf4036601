/** `stint rm`: removes jobs from the history. */

import type { Call, Command } from "../command.ts";
import { each } from "../jobs/each.ts";
import { jobId } from "../jobs/resolve.ts";

interface Options {
  force?: boolean;
  output?: boolean;
}

export const command: Command = {
  description:
    "Removes jobs with their results and their output. One that is queued is cancelled; one that runs is left " +
    "alone unless --force ends it first.",
  arguments: [{ name: "job", help: "ids or names of jobs", variadic: true, values: "jobs" }],
  options: [
    { flags: "-f, --force", help: "end it first if it runs" },
    { flags: "--output", help: "remove only the result and the output; the job stays in the history" },
  ],
  examples: [
    { line: "stint rm 45 46", does: "remove two jobs" },
    { line: "stint rm -f nightly", does: "end it and remove it" },
    { line: "stint rm --output 45", does: "keep the job, free the space" },
  ],
  async run({ args, options, session }: Call<Options>) {
    const { api, out } = session;
    return await each(out, args, async (word) => {
      const id = await jobId(api, word, "change");
      const path = options.output ? `/api/results/${id}` : `/api/jobs/${id}`;
      const query = new URLSearchParams(options.force && !options.output ? { terminate: "true" } : {});
      await api.request("DELETE", path, { query });
      if (session.json) out.json({ job_id: id });
      else out.print(options.output ? `The output of job ${id} is gone.` : `Job ${id} is gone.`);
    });
  },
};
