/** The `webhook` server (a Debian package of that name), which runs a command while the request waits. */

export interface WebhookServer {
  port: number;
  stop(): Promise<void>;
}

/** Serves `POST /hooks/run`, which answers with what `/bin/sh -c COMMAND` printed. Undefined where it is not installed. */
export async function startWebhook(command: string): Promise<WebhookServer | undefined> {
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
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("webhook", {
      args: ["-hooks", `${directory}/hooks.json`, "-ip", "127.0.0.1", "-port", String(port)],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  } catch (error) {
    await Deno.remove(directory, { recursive: true });
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  await answering(port);
  return {
    port,
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
