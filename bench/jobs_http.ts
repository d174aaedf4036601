/**
 * From submitting `true` to the answer that it has finished, 8 clients over HTTP, every state on disk, beside loops that
 * do nothing but start processes, and beside a server that keeps no record: `deno task bench jobs_http`.
 */

import { openProcesses } from "../lib/process/processes.ts";
import { startService } from "../tests/helpers/service.ts";
import { aim } from "./lib/aims.ts";
import { httpRequest, load } from "./lib/load.ts";
import { compete, type Contender, repeat } from "./lib/rounds.ts";
import { printTable } from "./lib/table.ts";
import { startWebhook } from "./lib/webhook_server.ts";

const CLIENTS = 8;
const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 7);
const SECONDS = Number(Deno.env.get("BENCH_SECONDS") ?? 1);

const STINT = "Stint: POST /api/jobs, Prefer: wait, to its result";
const SAME = "a loop that starts the same wrapper";
const LEAST = "a loop of sh that runs setsid sh -c true";
const BARE = "a loop of sh -c true";
const WEBHOOK = "webhook 2.8: the same over HTTP, nothing kept";

const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
const processes = await openProcesses({ directory: `${directory}/jobs` });
let id = 0;

const loops: Record<string, () => Promise<unknown>> = {
  [BARE]: () => new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output(),
  [LEAST]: () => {
    const script = `setsid /bin/sh -c true; echo "exited $?" >"$0"`;
    return new Deno.Command("/bin/sh", { args: ["-c", script, `${directory}/record.${id++}`] }).output();
  },
  [SAME]: async () => {
    const request = { jobId: ++id, cookie: crypto.randomUUID(), spec: { command: "true", grace: 5, priority: 0 } };
    await (await processes.start(request)).ended;
  },
};

function overHttp(port: number, request: Uint8Array): Contender {
  return async (seconds) => {
    const { perSecond, statuses } = await load({ port, connections: CLIENTS, seconds, request: () => request });
    const failed = [...statuses.keys()].filter((status) => status !== 200);
    if (failed.length > 0) throw new Error(`Answered ${failed.join(", ")}`);
    return perSecond;
  };
}

const stint = await startService({ args: ["--slots", String(CLIENTS)] });
const webhook = await startWebhook("true");
try {
  const submit = httpRequest("POST", "/api/jobs", `{"command":"true"}`, [
    "Content-Type: application/json",
    "Prefer: wait=60",
  ]);
  const contenders: Record<string, Contender> = { [STINT]: overHttp(stint.port, submit) };
  for (const [name, turn] of Object.entries(loops)) contenders[name] = (seconds) => repeat(turn, CLIENTS, seconds);
  if (webhook) contenders[WEBHOOK] = overHttp(webhook.port, httpRequest("POST", "/hooks/run", ""));
  const { standings, ratio } = await compete(contenders, { rounds: ROUNDS, seconds: SECONDS });
  printTable(
    [`true, ${CLIENTS} at a time`, "a second", "of sh -c true", "Stint beside it"],
    standings.map(({ name, perSecond }) => [name, perSecond, ratio(name, BARE), ratio(STINT, name)]),
  );
  aim("of a loop that starts the same wrapper", ratio(STINT, SAME), { atLeast: 0.8 });
  aim("of a loop of sh -c true", ratio(STINT, BARE), { atLeast: 0.5 });
  if (webhook) aim("of the webhook server", ratio(STINT, WEBHOOK), { atLeast: 1 });
  else console.log("\nThe webhook server is not installed (Debian: apt-get install webhook); it was left out.");
} finally {
  await webhook?.stop();
  await stint[Symbol.asyncDispose]();
  await processes.close();
  await Deno.remove(directory, { recursive: true });
}
