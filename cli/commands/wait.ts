/** `stint wait`: waits for jobs to end. */

import { Again } from "../api/again.ts";
import type { Client } from "../api/client.ts";
import type { Call, Command } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { exitCodeOf, outcomeLine } from "../jobs/outcome.ts";
import { jobIds } from "../jobs/resolve.ts";
import { seconds } from "../jobs/times.ts";
import type { Job } from "../jobs/types.ts";

interface Options {
  timeout?: string;
  any?: boolean;
  quiet?: boolean;
}

/** Seconds for which the server is asked to wait at a time. */
const STEP = 60;

export const command: Command = {
  description:
    "Waits until all jobs have ended and says how. The exit code is that of the first job, in the order given, " +
    "that did not succeed; 0 when all did; 124 when --timeout was over first.",
  arguments: [{ name: "job", help: "ids or names of jobs", variadic: true, values: "active-jobs" }],
  options: [
    { flags: "-t, --timeout <time>", help: "wait no longer: 90, 5m, 2h" },
    { flags: "--any", help: "wait for the first to end only" },
    { flags: "--quiet", help: "print nothing" },
  ],
  examples: [
    { line: "stint wait 45 46 && echo both succeeded", does: "go on when both have succeeded" },
    { line: "stint wait --any --timeout 5m 45 46", does: "the first of them, within five minutes" },
  ],
  async run({ args, options, session }: Call<Options>) {
    const { api, out } = session;
    const limit = options.timeout === undefined ? undefined : seconds(options.timeout, "--timeout");
    const ids = await jobIds(api, args, "look");
    // An unknown one is said at once, and not after a long wait for the others.
    for (const id of ids) await api.json<Job>("GET", `/api/jobs/${id}`);
    const over = new AbortController();
    if (limit !== undefined) after(limit, over);
    const tell = (job: Job | undefined) => {
      if (!job || options.quiet) return job;
      if (session.json) out.json(job);
      else out.print(outcomeLine(job));
      return job;
    };
    const waits = ids.map((id) => ended(api, id, over.signal).then(tell));
    const jobs = options.any ? [await Promise.race(waits)] : await Promise.all(waits);
    over.abort();
    if (jobs.some((job) => job === undefined)) return EXIT.timedOut;
    return jobs.map((job) => exitCodeOf(job!)).find((code) => code !== EXIT.ok) ?? EXIT.ok;
  },
};

/** The longest that a timer of the runtime goes, in milliseconds; one that is set to more goes off at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Aborts `over` after so many seconds. */
function after(limit: number, over: AbortController, begun = Date.now()): void {
  const left = begun + limit * 1000 - Date.now();
  if (left <= 0) return over.abort();
  const timer = setTimeout(() => after(limit, over, begun), Math.min(left, LONGEST_TIMER));
  over.signal.addEventListener("abort", () => clearTimeout(timer));
}

/** The job once it has ended; nothing when `signal` aborts. A server that stops meanwhile is waited for. */
async function ended(api: Client, id: number, signal: AbortSignal): Promise<Job | undefined> {
  const again = new Again();
  // Every job was looked at before: the server is known to be there.
  again.ok();
  const headers = { prefer: `wait=${STEP}` };
  while (!signal.aborted) {
    try {
      const { status, body } = await api.request("GET", `/api/statuses/${id}`, {
        headers,
        signal,
        limit: 2 * STEP * 1000,
      });
      await body?.cancel();
      again.ok();
      if (status === 303) return await api.json<Job>("GET", `/api/jobs/${id}`);
    } catch (error) {
      if (signal.aborted) break;
      await again.wait(error, signal);
    }
  }
  return undefined;
}
