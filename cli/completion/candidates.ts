/** What may stand in a place, looked up where that is needed. */

import { Client } from "../api/client.ts";
import { readClientConfig, SURROUNDINGS } from "../api/client_config.ts";
import { type Choice, chooseServer } from "../api/server_choice.ts";
import type { Values } from "../command.ts";
import { CliError } from "../errors.ts";
import type { JobSummary } from "../jobs/types.ts";

/** A word and what it is. */
export type Candidate = readonly [string, string];

/** Stands for the names of local files, which the shell knows best. */
export const FILES = ":files";

const LIMIT = "100";
/** Milliseconds after which a shell goes without what the server knows. */
const PATIENCE = 2_000;

export async function candidatesOf(values: Values | undefined, typed: string, choice: Choice): Promise<Candidate[]> {
  if (values === undefined || values === "commands") return [];
  if (typeof values !== "string") return forList(values, typed);
  if (values === "local-files") return [[FILES, ""]];
  if (values === "servers") return servers();
  return await asked(values, typed, choice);
}

/** Several with commas between: what is being typed is the last one. */
function forList(values: readonly string[], typed: string): Candidate[] {
  const comma = typed.lastIndexOf(",") + 1;
  return values.map((value) => [typed.slice(0, comma) + value, ""]);
}

function servers(): Candidate[] {
  try {
    return Object.entries(readClientConfig(SURROUNDINGS).servers).map(([name, { url }]) => [name, url]);
  } catch (error) {
    if (error instanceof CliError) return [];
    throw error;
  }
}

async function asked(values: Exclude<Values, readonly string[]>, typed: string, choice: Choice): Promise<Candidate[]> {
  try {
    const api = new Client(chooseServer(choice, SURROUNDINGS));
    return await lookUp(api, values, typed);
  } catch (error) {
    if (error instanceof CliError || (error instanceof DOMException && error.name === "TimeoutError")) return [];
    throw error;
  }
}

async function lookUp(api: Client, values: Exclude<Values, readonly string[]>, typed: string): Promise<Candidate[]> {
  const ask = <T>(path: string, query: Record<string, string> = {}) => {
    return api.json<T>("GET", path, { query: new URLSearchParams(query), signal: AbortSignal.timeout(PATIENCE) });
  };
  if (values === "queues") {
    const { queues } = await ask<{ queues: { name: string; queued: number }[] }>("/api/queues");
    return queues.map(({ name, queued }) => [name, `${queued} queued`]);
  }
  if (values === "keys") {
    const prefix = /^[A-Za-z0-9]*$/.test(typed) ? typed : "";
    const { keys } = await ask<{ keys: { key: string }[] }>("/api/keys", { prefix, limit: LIMIT });
    return keys.map(({ key }) => [key, ""]);
  }
  if (values === "stored-files") {
    const { files } = await ask<{ files: { name: string; bytes: number }[] }>("/api/files", { limit: LIMIT });
    return files.map(({ name, bytes }) => [name, `${bytes} bytes`]);
  }
  if (values === "uploads") {
    const { uploads } = await ask<{ uploads: { upload_id: string; name: string }[] }>("/api/uploads", { limit: LIMIT });
    return uploads.map(({ upload_id, name }) => [upload_id, name]);
  }
  const active: Record<string, string> = values === "active-jobs" ? { state: "queued,running,paused" } : {};
  const { jobs } = await ask<{ jobs: JobSummary[] }>("/api/jobs", { limit: LIMIT, ...active });
  return jobs.flatMap(jobCandidates);
}

function jobCandidates({ job_id, name, state, command }: JobSummary): Candidate[] {
  const about = `${state}: ${command.replaceAll(/\s+/g, " ").slice(0, 60)}`;
  const byId: Candidate = [String(job_id), about];
  // What looks like an id or an option is taken for one.
  return name === null || /^\d+$|^-/.test(name) ? [byId] : [byId, [name, about]];
}
