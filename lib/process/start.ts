/** Beginning a run. */

import type { Breach } from "../domain/confinement.ts";
import type { RunEnd, RunHandle, RunRequest } from "../services/ports/processes.ts";
import { adopt } from "./adopt.ts";
import { findRecord } from "./claim.ts";
import type { Context } from "./context.ts";
import { finish, settleUp, type Told } from "./finish.ts";
import { recordEnding, shardOf, stemOf } from "./places.ts";
import { endOf, identityOf } from "./record.ts";
import { processless, Run } from "./run.ts";
import type { Outcome, Runner } from "./runner.ts";
import { refusal, runSource } from "./source.ts";

/** How often a start is tried again when runners die on it. */
const MAX_ATTEMPTS = 3;

/** See `Processes.start`. What was begun already is taken up, not run again. */
export async function start(
  context: Context,
  request: RunRequest,
  attempt = 1,
  record = recordEnding(0, request.attempt),
): Promise<RunHandle> {
  const refused = refusal(request, context.base);
  if (refused) return notStarted(request, refused);
  const stem = stemOf(context.directory, request.jobId);
  let runner: Runner;
  try {
    await prepare(context, request);
    context.faults.reach("files made", request.jobId);
    runner = await context.pool.take();
  } catch (error) {
    return notStarted(request, `The command could not be started: ${error instanceof Error ? error.message : error}`);
  }
  const at = Date.now();
  const { base, umask, confinement, spares } = context;
  // What may run again adds to what the run before it left; a start that is tried again may find the files made.
  const lent = attempt > 1 || mayRunAgain(request) ? undefined : spares.lend(`${stem}.stdout`, `${stem}.stderr`);
  const { promise, resolve, reject } = Promise.withResolvers<RunHandle>();
  let run: Run | undefined;
  let left = false;
  let broke: Breach | undefined;
  let told: Told | undefined;
  const place = { stem, record, lent, at, base, umask, confinement };
  const over = runner.run(runSource(request, place), ([word, ...words]) => {
    if (word === "ended") {
      if (words[0]) told = { code: Number(words[0]), quiet: words[1] === "nothing" };
      context.faults.reach("run ended", request.jobId);
    }
    if (word === "left") left = true;
    if (word === "broke") broke = words[0] as Breach;
    if (word !== "started") return;
    lent?.opened();
    run = new Run(request, `${stem}.${record}`, identityOf(words, words[3]), at);
    context.faults.reach("run begun", request.jobId);
    resolve(run);
  });
  context.faults.reach("runner told", request.jobId);
  over.then(async (outcome) => {
    // Whoever still looks through the job's control group must not find the next job in it.
    const shared = outcome === "ended" && !left;
    if (shared && run?.touched) void runner.close();
    const untouched = shared && run && !run.touched ? run : undefined;
    // In a control group nobody is overlooked.
    if (untouched?.identity.group) untouched.leaveFiles((output) => spares.giveBack(`${stem}.${output}`));
    else if (lent) await settleUp(context, lent, run, outcome);
    untouched?.leaveGroup();
    context.pool.release(runner);
    if (run) await finish(context, run, outcome, told && { ...told, cpu: runner.spent, broke });
    else resolve(await conclude(context, request, outcome, attempt));
  }).catch(reject);
  return await promise;
}

function mayRunAgain({ attempt = 1, spec }: RunRequest): boolean {
  return attempt > 1 || (spec.retries ?? 0) > 0;
}

/** Makes the directory and the standard input. */
async function prepare(context: Context, request: RunRequest): Promise<void> {
  const shard = shardOf(context.directory, request.jobId);
  if (!context.shards.has(shard)) {
    await Deno.mkdir(shard, { recursive: true, mode: 0o700 });
    context.shards.add(shard);
  }
  if (request.spec.stdin !== undefined) {
    const path = `${stemOf(context.directory, request.jobId)}.stdin`;
    const { stdin } = request.spec;
    await context.pool.room.have(() => Deno.writeTextFile(path, stdin, { mode: 0o600 }));
  }
}

/** A runner is done with a run of whose beginning it told nothing. */
async function conclude(
  context: Context,
  request: RunRequest,
  outcome: Outcome,
  attempt: number,
): Promise<RunHandle> {
  if (outcome === "closed") {
    const taken = await adopt(context, request);
    if (taken !== "never_began") return taken;
  }
  const found = await context.pool.room.have(() =>
    findRecord(stemOf(context.directory, request.jobId), request.attempt)
  );
  if (typeof found !== "string") {
    // Somebody else's: it has been started before.
    if (outcome === "failed") return await orNotStarted(request, adopt(context, request));
    const end: RunEnd | undefined = endOf(found.record, request.spec, found.changed);
    if (end) return processless(request, end);
  } else if (attempt < MAX_ATTEMPTS && (outcome === "closed" || found !== recordEnding(0, request.attempt))) {
    return await start(context, request, attempt + 1, found);
  }
  return notStarted(request, "The command could not be started: nothing can be written beside the other jobs' output.");
}

async function orNotStarted(request: RunRequest, taken: Promise<RunHandle | "never_began">): Promise<RunHandle> {
  const handle = await taken;
  return handle === "never_began" ? notStarted(request, "The command was called off as it started.") : handle;
}

function notStarted(request: RunRequest, reason: string): RunHandle {
  return processless(request, { how: "not_started", reason });
}
