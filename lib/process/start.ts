/** Beginning a run, and taking up one that was begun before. */

import type { RunEnd, RunHandle, RunRequest } from "../services/ports/processes.ts";
import { findOrClaim, type FoundRecord, nextRecord, readRecord } from "./claim.ts";
import { runDirectory } from "./directory.ts";
import type { Log } from "./log.ts";
import { endOf } from "./record.ts";
import { processless, Run } from "./run.ts";
import type { Outcome, Runner } from "./runner.ts";
import type { RunnerPool } from "./runner_pool.ts";
import { refusal, runSource } from "./source.ts";
import type { Watch } from "./watch.ts";

/** How often a start is tried again when runners die on it. */
const MAX_ATTEMPTS = 3;
/** Milliseconds that a runner may take between creating a record and writing to it, on the busiest machine. */
const EMPTY_RECORD_PATIENCE = 10_000;

export interface Starter {
  directory: string;
  base: Record<string, string>;
  umask: string;
  pool: RunnerPool;
  watch: Watch;
  log: Log;
}

/** See `Processes.start`. */
export async function start(starter: Starter, request: RunRequest, attempt = 1): Promise<RunHandle> {
  const refused = refusal(request, starter.base);
  if (refused) return processless(request, { how: "not_started", reason: refused });
  const directory = runDirectory(starter.directory, request.jobId);
  let record: string;
  let runner: Runner;
  try {
    record = await prepare(directory, request);
    runner = starter.pool.take();
  } catch (error) {
    return processless(request, { how: "not_started", reason: `The command could not be started: ${message(error)}` });
  }
  const at = Date.now();
  const begun = Promise.withResolvers<RunHandle>();
  let run: Run | undefined;
  const { base, umask } = starter;
  const over = runner.run(runSource(request, { directory, record, at, base, umask }), ([word, boot, pid, start]) => {
    if (word !== "started") return;
    run = new Run(request, `${directory}/${record}`, { boot: boot!, pid: Number(pid), start: start! }, at);
    begun.resolve(run);
  });
  over.then(async (outcome) => {
    starter.pool.release(runner);
    if (run) await finish(starter, run, outcome);
    else begun.resolve(await conclude(starter, request, `${directory}/${record}`, outcome, attempt));
  }).catch(begun.reject);
  return await begun.promise;
}

/** Makes the directory and the standard input. Returns the name that the record shall have. */
async function prepare(directory: string, request: RunRequest): Promise<string> {
  let record = "run";
  try {
    await Deno.mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    record = await nextRecord(directory);
  }
  if (request.spec.stdin !== undefined) {
    await Deno.writeTextFile(`${directory}/stdin`, request.spec.stdin, { mode: 0o600 });
  }
  return record;
}

/** A run's runner has spoken its last about it. */
async function finish(starter: Starter, run: Run, outcome: Outcome): Promise<void> {
  try {
    if (await run.readEnd()) return;
  } catch (error) {
    starter.log.warn("Could not read the record of a run.", { job: run.jobId, error: String(error) });
  }
  // A runner that could not write (a full disk) has told the truth with its last line; one that is gone tells nothing.
  if (outcome === "closed") starter.watch.add(run);
  else run.settle({ how: "vanished" });
}

/** A runner is done with a run of whose beginning it told nothing. */
async function conclude(
  starter: Starter,
  request: RunRequest,
  path: string,
  outcome: Outcome,
  attempt: number,
): Promise<RunHandle> {
  if (outcome === "closed") {
    const taken = await adopt(starter, request);
    if (taken !== "never_began") return taken;
    if (attempt < MAX_ATTEMPTS) return await start(starter, request, attempt + 1);
    return processless(request, { how: "not_started", reason: "The command could not be started: no shell lived." });
  }
  let end: RunEnd | undefined;
  try {
    const { record, changed } = await readRecord(path);
    end = endOf(record, request.spec, changed);
  } catch (error) {
    starter.log.warn("A runner could not write the record of a run.", { job: request.jobId, error: String(error) });
  }
  return processless(
    request,
    end ?? { how: "not_started", reason: "The command was not started: its output files could not be written." },
  );
}

/** See `Processes.adopt`. */
export async function adopt(starter: Starter, request: RunRequest): Promise<RunHandle | "never_began"> {
  const directory = runDirectory(starter.directory, request.jobId);
  let found = await findOrClaim(directory);
  if (!found) return "never_began";
  while (isEmpty(found) && Date.now() - found.changed < EMPTY_RECORD_PATIENCE) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    found = await readRecord(found.path);
  }
  const end = endOf(found.record, request.spec, found.changed);
  const { identity, started } = found.record;
  if (!identity) return processless(request, end ?? { how: "vanished" });
  const run = new Run(request, found.path, identity, started ?? found.changed);
  if (await run.readEnd(found)) return run;
  if (identity.boot !== await starter.pool.boot()) run.settle({ how: "vanished" });
  else starter.watch.add(run);
  return run;
}

function isEmpty({ record }: FoundRecord): boolean {
  return !record.identity && !record.refused;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
