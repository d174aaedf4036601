/** Other stores that promise the same, as Debian has them: every write is on disk when it is acknowledged. */

import { eventually } from "../../tests/helpers/eventually.ts";

export interface Peer extends AsyncDisposable {
  port: number;
}

/** etcd with its HTTP gateway (package etcd-server). */
export async function startEtcd(): Promise<Peer> {
  const [port, peerPort] = [freePort(), freePort()];
  const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
  const client = `http://127.0.0.1:${port}`;
  const peer = start("etcd", [
    ...["--data-dir", directory, "--log-level", "error"],
    ...["--listen-client-urls", client, "--advertise-client-urls", client],
    ...["--listen-peer-urls", `http://127.0.0.1:${peerPort}`],
  ], directory);
  await eventually(
    "etcd answers",
    () => fetch(`${client}/health`).then(async (r) => (await r.text(), r.ok), () => false),
  );
  return { port, [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose]() };
}

/** Redis that syncs its log before it answers (package redis-server). */
export async function startRedis(): Promise<Peer> {
  const port = freePort();
  const directory = await Deno.makeTempDir({ prefix: "stint-bench-" });
  const peer = start("redis-server", [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", directory],
    ...["--appendonly", "yes", "--appendfsync", "always", "--save", ""],
  ], directory);
  await eventually("Redis answers", () =>
    Deno.connect({ hostname: "127.0.0.1", port }).then((connection) => {
      connection.close();
      return true;
    }, () => false));
  return { port, [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose]() };
}

/** Requests a second by Redis' own load generator. */
export async function redisRate(port: number, command: "set" | "get", clients: number, seconds: number) {
  const run = async (requests: number) => {
    const { stdout } = await new Deno.Command("redis-benchmark", {
      args: ["-p", String(port), "-t", command, "-c", String(clients), "-d", "64", "-r", "10000"].concat(
        ["-n", String(requests), "--csv"],
      ),
    }).output();
    return Number(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!.split(",")[1]!.replaceAll('"', ""));
  };
  // It counts requests, not time: a short run tells how many there are to be.
  return await run(Math.max(100, Math.round(await run(clients * 20) * seconds)));
}

function start(program: string, args: string[], directory: string): AsyncDisposable {
  const child = new Deno.Command(program, { args, stdout: "null", stderr: "null", cwd: directory }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.status;
      await Deno.remove(directory, { recursive: true });
    },
  };
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
