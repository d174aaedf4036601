/** Options by which jobs are filtered, and what they are in a query. */

import type { OptionSpec } from "../command.ts";
import { usage } from "../errors.ts";
import { moment, seconds } from "./times.ts";

export const STATES = [
  "queued",
  "running",
  "paused",
  "succeeded",
  "failed",
  "terminated",
  "timed_out",
  "lost",
] as const;
const SORTS = ["created", "-created", "duration", "-duration", "ended", "-ended"] as const;

export interface FilterOptions {
  state?: string;
  queue?: string;
  label?: string[];
  output?: string;
  exitCode?: string;
  since?: string;
  until?: string;
  minDuration?: string;
  sort?: string;
  limit?: string;
}

export const FILTER_OPTIONS: readonly OptionSpec[] = [
  { flags: "-s, --state <states>", help: `only these, with commas between: ${STATES.join(", ")}`, values: STATES },
  { flags: "-q, --queue <name>", help: "only jobs of this queue", values: "queues" },
  { flags: "-l, --label <name=value>", help: "only jobs with this label; repeatable: all of them", repeatable: true },
  { flags: "--output <words>", help: "every word is in what it printed (of jobs that have ended)" },
  { flags: "--exit-code <code>", help: "only jobs that ended with it" },
  { flags: "--since <time>", help: "asked for since then: 2026-08-20T03:00, or 2h for two hours ago" },
  { flags: "--until <time>", help: "asked for before then" },
  { flags: "--min-duration <time>", help: "took at least so long: 90, 5m, 2h" },
  { flags: "--sort <order>", help: `${SORTS.join(", ")} (-created: the newest first)`, values: SORTS },
  { flags: "-n, --limit <number>", help: "at most so many" },
];

/** The query that the options stand for. Words are looked for in command, name and labels. @throws {CliError} */
export function filterQuery(options: FilterOptions, words: readonly string[]): URLSearchParams {
  const query = new URLSearchParams();
  const put = (name: string, value: string | undefined) => value !== undefined && query.set(name, value);
  put("q", words.length > 0 ? words.join(" ") : undefined);
  put("output", options.output);
  put("state", options.state);
  put("queue", options.queue);
  put("exit_code", options.exitCode);
  put("since", options.since && moment(options.since, "--since", "ago"));
  put("until", options.until && moment(options.until, "--until", "ago"));
  put("min_duration", options.minDuration && String(seconds(options.minDuration, "--min-duration")));
  put("sort", options.sort);
  for (const label of options.label ?? []) query.append("label", label.replace(/^([^=:]+)=/, "$1:"));
  return query;
}

/** How many are wanted. @throws {CliError} */
export function limitOf(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const limit = Number(text);
  if (!/^\d{1,9}$/.test(text) || limit < 1) throw usage(`--limit ${text}: expected a number from 1 up`);
  return limit;
}
