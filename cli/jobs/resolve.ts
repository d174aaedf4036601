/** Finds the jobs that are named on the command line, by id or by name. */

import type { Client } from "../api/client.ts";
import { CliError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import type { JobSummary } from "./types.ts";

/**
 * The id of the job that `word` names: the id itself, or the name of a job.
 * Of several with that name the newest is taken to look at (`look`). To be changed (`change`), it has to be the only one
 * that has not ended.
 * @throws {CliError}
 */
export async function jobId(api: Client, word: string, aim: "look" | "change"): Promise<number> {
  if (/^\d{1,15}$/.test(word)) return Number(word);
  const query = new URLSearchParams({ q: word, limit: "1000" });
  const { jobs } = await api.json<{ jobs: JobSummary[] }>("GET", "/api/jobs", { query });
  const named = jobs.filter(({ name }) => name === word);
  if (named.length === 0) {
    throw new CliError(`There is no job ${JSON.stringify(word)}`, EXIT.notFound, "`stint ps -a` lists ids and names.");
  }
  const active = named.filter(({ done }) => !done);
  if (aim === "change" && active.length > 1) {
    const ids = active.map(({ job_id }) => job_id).join(", ");
    throw new CliError(
      `Several jobs that have not ended are named ${word}: ${ids}`,
      EXIT.conflict,
      "Say which by its id.",
    );
  }
  return (aim === "change" ? active[0] ?? named[0]! : named[0]!).job_id;
}

/** An id of a worker slot, which no job's id or usual name looks like. */
export function isWorkerId(word: string): boolean {
  return /^[A-Za-z0-9_-]{22,}$/.test(word) && !/^\d+$/.test(word);
}

/** All of them, in their order. */
export async function jobIds(api: Client, words: readonly string[], aim: "look" | "change"): Promise<number[]> {
  const ids: number[] = [];
  for (const word of words) ids.push(await jobId(api, word, aim));
  return ids;
}
