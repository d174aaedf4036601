/** `stint hold`: requests that are held open. */

import type { components } from "../../openapi/types.ts";
import type { Call, Command } from "../command.ts";
import { CliError, usage } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { each } from "../jobs/each.ts";
import { seconds, spell } from "../jobs/times.ts";

type ServerStatus = components["schemas"]["ServerStatus"];

interface Options {
  id?: string;
  list?: boolean;
  kill?: string[];
}

export const command: Command = {
  description:
    "Holds a request open for a time, and ends when that is over: 0; 1 when somebody has killed it. Ctrl-C lets it " +
    "go at once. Others see it in `stint hold --list` and end it with `stint hold --kill ID`.",
  arguments: [{ name: "time", help: "how long: 90, 5m, 2h", optional: true }],
  options: [
    { flags: "--id <number>", help: "the id under which others see it (a random one)" },
    { flags: "--list", help: "list what is being held" },
    { flags: "--kill <id>", help: "end a held request; repeatable", repeatable: true },
  ],
  examples: [
    { line: "stint hold 80 --id 19", does: "for 80 seconds" },
    { line: "stint hold --list", does: "what is held, and how long still" },
    { line: "stint hold --kill 19", does: "end it" },
  ],
  async run({ args: [time], options, session }: Call<Options>) {
    const { api, out } = session;
    if (options.list) return await list(session);
    if (options.kill) {
      return await each(out, options.kill.map((each) => idOf(each, "--kill")), async (connId) => {
        // Its errors are as the document of these requests has them.
        const answer = await api.json<{ status: string }>("PUT", "/api/kill", { json: { connId }, allow: [400] });
        if (answer.status !== "ok") {
          throw new CliError(`No request is held as ${connId}`, EXIT.notFound, "`stint hold --list` shows what is.");
        }
        if (session.json) out.json(answer);
        else out.print(`Request ${connId} was ended.`);
      });
    }
    if (time === undefined) throw usage("time is missing", "Say how long to hold it, or --list, or --kill ID.");
    const connId = options.id === undefined ? crypto.getRandomValues(new Uint32Array(1))[0]! : idOf(options.id, "--id");
    const query = new URLSearchParams({ connId: String(connId), timeout: String(seconds(time, "time")) });
    out.hint(`Held as ${connId}.`);
    const answer = await api.json<{ status?: string }>("GET", "/api/request", { query, allow: [500], limit: Infinity });
    if (session.json) out.json(answer);
    else out.print(answer.status ?? "failed");
    return answer.status === "ok" ? EXIT.ok : EXIT.failed;
  },
};

async function list({ api, out, json }: Call["session"]): Promise<void> {
  const held = await api.json<ServerStatus>("GET", "/api/serverStatus");
  if (json) return out.json(held);
  out.table(["ID", "TIME LEFT"], Object.entries(held).map(([id, left]) => [id, spell(Number(left))]));
}

function idOf(text: string, option: string): number {
  const id = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(id)) return id;
  throw usage(`${option} ${text}: expected a whole number from 0 up`);
}
