/**
 * From submitting `true` to the answer that it has finished, 8 clients over HTTP, every state on disk, beside loops that
 * do nothing but start processes, and beside a server that keeps no record: `deno task bench jobs_http`. A second table
 * tells where the processors' time went.
 */

import { Confinement } from "../lib/process/confinement/confinement.ts";
import { baseEnvironment } from "../lib/process/environment.ts";
import { openProcesses } from "../lib/process/processes.ts";
import { Runner } from "../lib/process/runner.ts";
import { installSetsid } from "../lib/process/setsid/install.ts";
import { runSource } from "../lib/process/source.ts";
import { Service } from "../tests/helpers/service.ts";
import { Accounts } from "./lib/accounts.ts";
import { aim } from "./lib/aims.ts";
import { httpRequest, load } from "./lib/load.ts";
import { compete, type Contender, repeat } from "./lib/rounds.ts";
import { printTable } from "./lib/table.ts";
import { startWebhook } from "./lib/webhook_server.ts";
import { WRAPPER } from "./lib/wrapper.ts";

const CLIENTS = 8;
const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 7);
const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 1);

const STINT = "Stint: POST /api/jobs, Prefer: wait, to its result";
const WRAPPED = "a loop that starts the wrapper anew for each";
const WRAPPED_OWN = "the same with Stint's own setsid";
const WRAPPED_WHOLE = "the wrapper, each making a control group and removing it";
const ANEW = "a loop that starts Stint's own wrapper anew for each";
const SAME = "a loop that hands each to the same resident wrappers";
const LEAST = "a loop of sh that runs setsid sh -c true";
const BARE = "a loop of sh -c true";
const WEBHOOK = "webhook 2.8: the same over HTTP, nothing kept";

/** Seconds that the server is given to have its code compiled, as one that has run for some minutes has it. */
const WARM_UP = 5;

const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
const processes = await openProcesses({ directory: `${directory}/jobs` });
const setsid = await installSetsid(directory, { warn: console.warn });
let id = 0;
const accounts = new Accounts();

const base = baseEnvironment();
const loops: Record<string, () => Promise<unknown>> = {
  [BARE]: () => new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output(),
  [LEAST]: () => {
    const script = `setsid /bin/sh -c true; echo "exited $?" >"$0"`;
    return new Deno.Command("/bin/sh", { args: ["-c", script, `${directory}/record.${id++}`] }).output();
  },
  [WRAPPED]: () => inLane("setsid"),
  ...setsid && { [WRAPPED_OWN]: () => inLane(setsid) },
  [WRAPPED_WHOLE]: async () => {
    const stem = await placeOf(++id);
    const above = accounts.lane(0);
    await wrapped(stem, above && `${above}/${id}`, above && "makes", "setsid");
  },
  [ANEW]: async () => {
    const request = { jobId: ++id, cookie: crypto.randomUUID(), spec: { command: "true", grace: 5, priority: 0 } };
    const stem = await placeOf(request.jobId);
    const runner = new Runner({ shell: "/bin/sh", path: base["PATH"]!, controlGroups: true, setsid });
    const place = { stem, record: "run", at: Date.now(), base, umask: "022", confinement: new Confinement() };
    if (await runner.run(runSource(request, place), () => {}) !== "ended") throw new Error("It did not end.");
    await runner.close();
  },
  [SAME]: async () => {
    const request = { jobId: ++id, cookie: crypto.randomUUID(), spec: { command: "true", grace: 5, priority: 0 } };
    const run = await processes.start(request);
    const end = await run.ended;
    if (end.how === "exited" && end.quiet) run.giveUp(["stdout", "stderr"]);
  },
};

async function inLane(setsid: string): Promise<void> {
  const stem = await placeOf(++id);
  const group = lanes.pop() ?? accounts.lane(made++);
  await wrapped(stem, group, "", setsid);
  lanes.push(group);
}

async function wrapped(stem: string, group: string, makes: string, setsid: string): Promise<void> {
  const args = ["-c", WRAPPER, stem, "true", crypto.randomUUID(), group, makes, setsid];
  await new Deno.Command("/bin/sh", { args }).output();
}

/** Control groups that nobody is in. */
const lanes: string[] = [];
let made = 1;

const shards = new Set<string>();
/** As many files in a directory as jobs have in theirs. */
async function placeOf(n: number): Promise<string> {
  const shard = `${directory}/wrapped/${Math.floor(n / 1000)}`;
  if (!shards.has(shard)) await Deno.mkdir(shard, { recursive: true });
  shards.add(shard);
  return `${shard}/${n}`;
}

function overHttp(port: number, request: Uint8Array): Contender {
  return async (seconds) => {
    const { perSecond, statuses } = await load({ port, connections: CLIENTS, seconds, request: () => request });
    const failed = [...statuses.keys()].filter((status) => status !== 200);
    if (failed.length > 0) throw new Error(`Answered ${failed.join(", ")}`);
    return perSecond;
  };
}

const stint = new Service(await Deno.makeTempDir({ prefix: "stint-bench-" }), { args: ["--slots", String(CLIENTS)] });
stint.before = accounts.enter;
await stint.start();
const webhook = await startWebhook("true", accounts.enter);
try {
  const submit = httpRequest("POST", "/api/jobs", `{"command":"true"}`, [
    "Content-Type: application/json",
    "Prefer: wait=60",
  ]);
  await overHttp(stint.port, submit)(WARM_UP);
  const contenders: Record<string, Contender> = {
    [STINT]: accounts.counted(STINT, overHttp(stint.port, submit), stint.pid),
  };
  for (const [name, turn] of Object.entries(loops)) {
    contenders[name] = accounts.counted(name, (seconds) => repeat(turn, CLIENTS, seconds));
  }
  if (webhook) {
    contenders[WEBHOOK] = accounts.counted(
      WEBHOOK,
      overHttp(webhook.port, httpRequest("POST", "/hooks/run", "")),
      webhook.pid,
    );
  }
  const { standings, ratio } = await compete(contenders, { rounds: ROUNDS, seconds: SECONDS });
  printTable(
    [`true, ${CLIENTS} at a time`, "a second", "of sh -c true", "Stint beside it"],
    standings.map(({ name, perSecond }) => [name, perSecond, ratio(name, BARE), ratio(STINT, name)]),
  );
  accounts.print();
  // By the wrapper that has all that a job of Stint's has.
  const same = setsid ? WRAPPED_OWN : WRAPPED;
  aim("of a loop that starts the same wrapper anew for each", ratio(STINT, same), { atLeast: 0.8 });
  aim("of a loop that hands each to the same resident wrappers", ratio(STINT, SAME), { atLeast: 0.8 });
  aim("of a loop of sh -c true", ratio(STINT, BARE), { atLeast: 0.5 });
  if (webhook) aim("of the webhook server", ratio(STINT, WEBHOOK), { atLeast: 1 });
  else console.log("\nThe webhook server is not installed (Debian: apt-get install webhook); it was left out.");
} finally {
  await webhook?.stop();
  await stint[Symbol.asyncDispose]();
  await processes.close();
  accounts.close();
  await Deno.remove(directory, { recursive: true });
}
