/** `stint status`: how the server is. */

import type { components } from "../../openapi/types.ts";
import type { Client } from "../api/client.ts";
import { Refusal } from "../api/problem.ts";
import type { Call, Command } from "../command.ts";
import { printQueues } from "../jobs/print_queues.ts";
import { plain } from "../terminal/plain.ts";

type Schemas = components["schemas"];

export const command: Command = {
  description:
    "Shows whether the server takes work, who one is to it, its queues and what it holds; or, with a worker-id, how " +
    "far that worker is.",
  arguments: [{ name: "worker-id", help: "a worker slot, as `put` names it", optional: true }],
  examples: [
    { line: "stint status", does: "the server" },
    { line: "stint status 3q2-7wABCDEFghijKLMNopqr", does: "an upload, a download or a job in a slot" },
  ],
  async run({ args: [workerId], session }: Call) {
    const { api, out, json } = session;
    if (workerId !== undefined) {
      return showWorker(session, await api.json("GET", `/status/${encodeURIComponent(workerId)}`));
    }
    const ready = await api.json<Schemas["Health"] | Schemas["Problem"]>("GET", "/-/ready", { allow: [503] });
    const [you, queues, held, figures] = await Promise.all([
      maybe(api.json<Schemas["Session"]>("GET", "/api/session")),
      maybe(api.json<Schemas["QueueList"]>("GET", "/api/queues")),
      maybe(api.json<Schemas["ServerStatus"]>("GET", "/api/serverStatus")),
      maybe(readFigures(api)),
    ]);
    const isReady = ready.status === "ok";
    if (json) return out.json({ server: api.server.url, ready: isReady, session: you, ...queues, held, figures });
    out.print(
      `Server   ${api.server.url}, ${isReady ? "takes work" : out.paint("red", "takes no work: it is stopping")}`,
    );
    if (you) out.print(`You      ${plain(you.name)}: ${you.scopes.join(", ")}`);
    if (figures) out.print(`Slots    ${figures.slots_used} of ${figures.slots} taken`);
    if (held) out.print(`Held     ${Object.keys(held).length} requests`);
    if (queues) {
      out.print("");
      printQueues(out, queues.queues);
    }
  },
};

/** What the token may see and the server still tells; nothing where not. */
async function maybe<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Refusal && (error.status === 403 || error.problem.code === "shutting_down")) return undefined;
    throw error;
  }
}

/** Slots, as the server's metrics have them; they are for `admin` only. */
async function readFigures(api: Client): Promise<{ slots: number; slots_used: number }> {
  const text = new TextDecoder().decode(await api.bytes("/-/metrics"));
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? NaN);
  return { slots: figure("stint_slots_limit"), slots_used: figure("stint_slots_used") };
}

function showWorker({ out, json }: Call["session"], worker: Schemas["Worker"]): void {
  if (json) return out.json(worker);
  const { status, kind, file, bytes, total, progress, rate, job_id, exit_code, error } = worker;
  const line = (name: string, value: unknown) =>
    value !== null && out.print(`${name.padEnd(9)}${plain(String(value))}`);
  line("Worker", worker["worker-id"]);
  line("State", status);
  line("Kind", kind);
  line("File", file);
  line("Bytes", total === null ? bytes : `${bytes} of ${total}`);
  line("Progress", progress === null ? null : `${Math.floor(progress * 100)} %`);
  line("Rate", rate === null ? null : `${Math.round(rate)} bytes/s`);
  line("Job", job_id);
  line("Exit", exit_code);
  line("Error", error);
}
