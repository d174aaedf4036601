/** The `webhook` server (a Debian package of that name), which runs a command while the request waits. */

import { isInstalled } from "./wrk.ts";

export interface WebhookServer {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Serves `POST /hooks/run`, which answers with what `/bin/sh -c COMMAND` printed. `before`: a line for the shell to run
 * first. Undefined where it is not installed.
 */
export async function startWebhook(command: string, before = ":"): Promise<WebhookServer | undefined> {
  if (!await isInstalled("webhook")) return undefined;
  const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
  const words = ["-c", command].map((name) => ({ source: "string", name }));
  const hook = {
    id: "run",
    "execute-command": "/bin/sh",
    "pass-arguments-to-command": words,
    "include-command-output-in-response": true,
  };
  await Deno.writeTextFile(`${directory}/hooks.json`, JSON.stringify([hook]));
  const port = freePort();
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      `${before}; exec webhook -hooks "$0" -ip 127.0.0.1 -port "$1"`,
      `${directory}/hooks.json`,
      String(port),
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await answering(port);
  return {
    port,
    pid: child.pid,
    async stop() {
      child.kill();
      await child.status;
      await Deno.remove(directory, { recursive: true });
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function answering(port: number): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
