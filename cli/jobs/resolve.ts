/** Finds the jobs that are named on the command line, by id or by name. */

import type { Client } from "../api/client.ts";
import { Refusal } from "../api/problem.ts";
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
  const found = await named(api, word);
  if (found.length === 0) {
    throw new CliError(`There is no job ${JSON.stringify(word)}`, EXIT.notFound, "`stint ps -a` lists ids and names.");
  }
  const active = found.filter(({ done }) => !done);
  if (aim === "change" && active.length > 1) {
    const ids = active.map(({ job_id }) => job_id).join(", ");
    throw new CliError(
      `Several jobs that have not ended are named ${word}: ${ids}`,
      EXIT.conflict,
      "Say which by its id.",
    );
  }
  return (aim === "change" ? active[0] ?? found[0]! : found[0]!).job_id;
}

/** Jobs of that very name, the newest first. */
async function named(api: Client, word: string): Promise<JobSummary[]> {
  const query = new URLSearchParams({ q: word, limit: "1000" });
  const { jobs } = await api.json<{ jobs: JobSummary[] }>("GET", "/api/jobs", { query });
  return jobs.filter(({ name }) => name === word);
}

/** The worker-id that `word` is; nothing where it names a job. A job may have a name that looks like one. */
export async function workerId(api: Client, word: string): Promise<string | undefined> {
  if (!/^[A-Za-z0-9_-]{22,}$/.test(word) || /^\d+$/.test(word)) return undefined;
  try {
    return (await named(api, word)).length === 0 ? word : undefined;
  } catch (error) {
    // A token for files sees no jobs, and can mean none.
    if (error instanceof Refusal && error.status === 403) return word;
    throw error;
  }
}

/** All of them, in their order. */
export async function jobIds(api: Client, words: readonly string[], aim: "look" | "change"): Promise<number[]> {
  const ids: number[] = [];
  for (const word of words) ids.push(await jobId(api, word, aim));
  return ids;
}
