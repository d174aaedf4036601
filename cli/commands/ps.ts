/** `stint ps`: lists jobs. */

import { all, entries } from "../api/pages.ts";
import type { Call, Command } from "../command.ts";
import { usage } from "../errors.ts";
import { FILTER_OPTIONS, type FilterOptions, filterQuery, limitOf } from "../jobs/filters.ts";
import { printJobs } from "../jobs/print_jobs.ts";
import type { JobSummary } from "../jobs/types.ts";
import type { Session } from "../session.ts";

interface Options extends FilterOptions {
  all?: boolean;
  watch?: boolean;
  quiet?: boolean;
}

const ACTIVE = "queued,running,paused";
const LIMIT = 1000;

export const command: Command = {
  description:
    "Lists jobs that have not ended, the newest first; with -a, or a filter that says otherwise, ended ones too. " +
    "Words are looked for in command, name and labels.\n\n" +
    "With --watch the list is kept up to date as the server tells of changes, until q or Ctrl-C. Where there is no terminal " +
    "(or with --json) each job is printed as it changes.",
  arguments: [{ name: "word", help: "only jobs with these words", variadic: true, optional: true }],
  options: [
    { flags: "-a, --all", help: "ended ones too" },
    { flags: "-w, --watch", help: "keep it up to date" },
    { flags: "--quiet", help: "print only ids" },
    ...FILTER_OPTIONS,
  ],
  examples: [
    { line: "stint ps", does: "what is going on" },
    { line: "stint ps -a -n 20", does: "the last 20 jobs" },
    { line: "stint ps --watch -q builds", does: "one queue, live" },
    { line: "stint kill $(stint ps --quiet -l team=backup)", does: "end all jobs with a label" },
  ],
  async run({ args, options, session }: Call<Options>) {
    const { out } = session;
    const query = filterQuery(options, args);
    const ended = options.all || options.exitCode || options.output || options.minDuration;
    if (!ended && !query.has("state")) query.set("state", ACTIVE);
    const limit = limitOf(options.limit, LIMIT);
    if (options.watch) {
      if (options.quiet) throw usage("--watch and --quiet exclude each other");
      const { watchJobs } = await import("../jobs/watch_jobs.ts");
      return await watchJobs(session, { query, limit, title: titleOf(session, query) });
    }
    const jobs = await all(entries<JobSummary>(session.api, "/api/jobs", { member: "jobs", query, limit }));
    if (options.quiet) return jobs.forEach(({ job_id }) => out.print(String(job_id)));
    if (jobs.length > 0 || session.json) return printJobs(out, jobs);
    out.hint(
      query.get("state") === ACTIVE
        ? "Nothing is going on. `stint ps -a` lists what has ended."
        : "No job is like that.",
    );
  },
};

function titleOf({ api }: Session, query: URLSearchParams): string {
  const shown = [...query].map(([name, value]) => `${name}=${value}`).filter((each) => each !== `state=${ACTIVE}`);
  return [api.server.url, ...shown].join("  ");
}
