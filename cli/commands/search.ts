/** `stint search`: finds jobs. */

import { all, entries } from "../api/pages.ts";
import type { Call, Command } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { FILTER_OPTIONS, type FilterOptions, filterQuery, limitOf } from "../jobs/filters.ts";
import { printJobs } from "../jobs/print_jobs.ts";
import type { JobSummary } from "../jobs/types.ts";

const LIMIT = 50;

export const command: Command = {
  description:
    "Finds jobs whose command, name or labels hold every word, whatever its case, in any script; the newest " +
    "first. Exits with 3 when there is none, as grep does with 1.",
  arguments: [{ name: "word", help: "what to look for", variadic: true, optional: true }],
  options: FILTER_OPTIONS,
  examples: [
    { line: "stint search rsync backup", does: "both words" },
    { line: "stint search --output 'no such file' --since 7d", does: "what it printed, within a week" },
    { line: "stint search -s failed -l team=backup --min-duration 5m", does: "by state, label and duration" },
  ],
  async run({ args, options, session }: Call<FilterOptions>) {
    const limit = limitOf(options.limit, LIMIT);
    const query = filterQuery(options, args);
    const jobs = await all(entries<JobSummary>(session.api, "/api/jobs", { member: "jobs", query, limit }));
    if (jobs.length > 0 || session.json) printJobs(session.out, jobs);
    else session.out.hint("No job is like that.");
    if (jobs.length === limit) session.out.hint(`There may be more: --limit ${limit * 4}.`);
    return jobs.length === 0 ? EXIT.notFound : EXIT.ok;
  },
};
