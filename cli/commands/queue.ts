/** `stint queue`: queues. */

import type { components } from "../../openapi/types.ts";
import type { Client } from "../api/client.ts";
import type { ArgumentSpec, Call, CommandFamily } from "../command.ts";
import { usage } from "../errors.ts";
import { each } from "../jobs/each.ts";
import { printQueues } from "../jobs/print_queues.ts";

type Queue = components["schemas"]["Queue"];

interface SetOptions {
  slots?: string;
  maxQueued?: string;
  paused?: boolean;
}

const NAME: ArgumentSpec = { name: "name", help: "the queue", values: "queues" };
const NAMES: ArgumentSpec = { ...NAME, help: "queues", variadic: true };

export const command: CommandFamily = {
  description:
    "Jobs go through named queues; `default` is always there. A queue has slots of its own, a pause and a limit.",
  fallback: "list",
  examples: [
    { line: "stint queue set builds --slots 2", does: "make a queue in which two jobs run at once" },
    { line: "stint queue pause default", does: "start nothing more in it" },
    { line: "stint run -q builds ./build.sh", does: "use it" },
  ],
  commands: {
    list: {
      summary: "list queues",
      examples: [{ line: "stint queue list", does: "all of them, with their jobs" }],
      async run({ session: { api, out, json } }: Call) {
        const answer = await api.json<{ queues: Queue[] }>("GET", "/api/queues");
        if (json) out.json(answer);
        else printQueues(out, answer.queues);
      },
    },
    show: {
      summary: "show a queue",
      arguments: [NAME],
      examples: [{ line: "stint queue show builds", does: "one of them" }],
      async run({ args: [name], session: { api, out, json } }: Call) {
        const queue = await api.json<Queue>("GET", pathOf(name!));
        if (json) out.json(queue);
        else printQueues(out, [queue]);
      },
    },
    set: {
      summary: "make or change a queue",
      description: "Makes a queue, or changes what is named and leaves the rest as it is.",
      arguments: [NAME],
      options: [
        { flags: "--slots <number>", help: "how many of its jobs run at once; none: as many as the server's slots" },
        { flags: "--max-queued <number>", help: "how many may wait in it; none: any number" },
        { flags: "--paused", help: "start none of its jobs" },
      ],
      examples: [
        { line: "stint queue set builds --slots 2 --max-queued 100", does: "two at once, a hundred waiting at most" },
        { line: "stint queue set builds --slots none", does: "as many as there are slots" },
      ],
      async run({ args: [name], options, session: { api, out, json } }: Call<SetOptions>) {
        const { slots, maxQueued, paused } = options;
        const queue = await change(api, name!, {
          ...(slots !== undefined && { slots: numberOrNone(slots, "--slots") }),
          ...(maxQueued !== undefined && { max_queued: numberOrNone(maxQueued, "--max-queued") }),
          ...(paused && { paused }),
        }, true);
        if (json) out.json(queue);
        else printQueues(out, [queue]);
      },
    },
    pause: {
      summary: "start no more jobs of queues",
      arguments: [NAMES],
      examples: [{ line: "stint queue pause builds", does: "those that run go on" }],
      run: (call: Call) => setPaused(call, true),
    },
    resume: {
      summary: "start jobs of queues again",
      arguments: [NAMES],
      examples: [{ line: "stint queue resume builds", does: "let it go on" }],
      run: (call: Call) => setPaused(call, false),
    },
    rm: {
      summary: "delete queues",
      description: "Deletes queues in which nothing waits or runs.",
      arguments: [NAMES],
      examples: [{ line: "stint queue rm builds", does: "its ended jobs stay in the history" }],
      async run({ args, session: { api, out, json } }: Call) {
        return await each(out, args, async (name) => {
          await api.request("DELETE", pathOf(name));
          if (json) out.json({ name });
          else out.print(`Queue ${name} is gone.`);
        });
      },
    },
  },
};

type Settings = Partial<Pick<Queue, "slots" | "max_queued" | "paused">>;

/** The server sets all three at once: what is not to be changed is sent as it is. `make`: also a queue that is not there. */
async function change(api: Client, name: string, settings: Settings, make: boolean): Promise<Queue> {
  const response = await api.request("GET", pathOf(name), { allow: make ? [404] : [] });
  const before: Queue | Record<never, never> = response.ok ? await api.read<Queue>(response) : {};
  if (!response.ok) await response.body?.cancel();
  const { slots = null, max_queued = null, paused = false } = { ...before, ...settings } as Settings;
  return await api.json<Queue>("PUT", pathOf(name), { json: { slots, max_queued, paused } });
}

async function setPaused({ args, session: { api, out, json } }: Call, paused: boolean): Promise<number> {
  return await each(out, args, async (name) => {
    const queue = await change(api, name, { paused }, false);
    if (json) out.json(queue);
    else out.print(paused ? `Queue ${name} is paused.` : `Queue ${name} goes on.`);
  });
}

function pathOf(name: string): string {
  return `/api/queues/${encodeURIComponent(name)}`;
}

function numberOrNone(text: string, option: string): number | null {
  if (text === "none") return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usage(`${option} ${text}: expected a number, or none`);
}
