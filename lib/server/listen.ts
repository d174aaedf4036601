/** Listens for HTTP, and goes on listening when the runtime gives up. */

import { inUrl } from "../addresses.ts";
import { logOf } from "../log.ts";
import type { Handler } from "./gate.ts";

export interface ListenOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** PEM texts; HTTPS when they are there. */
  tls?: { cert: string; key: string };
}

export interface Listener {
  /** Where it listens: `http://127.0.0.1:8080/`. */
  readonly url: string;
  readonly port: number;
  /** Accepts no more and resolves when every connection is done with. May wait for ever: give it a deadline. */
  shutdown(): Promise<void>;
}

/** It cannot listen where it was told to; the message is one line for people. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** Milliseconds before it serves again after the runtime gave up; grows up to the second while that fails. */
const PAUSE = { first: 200, longest: 5_000 };

/** @throws {ListenError} when the address is taken, not this machine's, or not ours to take, or the certificate is bad. */
export function listen(options: ListenOptions, handler: Handler): Listener {
  const log = logOf("server");
  let server = serve(options, handler);
  const { port } = server.addr;
  let stopping = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const watch = (current: Deno.HttpServer<Deno.NetAddr>) => {
    // The runtime stops for good when `accept` fails, for instance when file handles run out. What it had accepted lives on.
    current.finished.catch((error) => {
      if (stopping) return;
      log.error("The listener stopped; listening again shortly", { error });
      again(PAUSE.first);
    });
  };
  const again = (pause: number) => {
    retry = setTimeout(() => {
      try {
        server = serve({ ...options, port }, handler);
        log.info("Listening again", { port });
        watch(server);
      } catch (error) {
        log.error("Cannot listen yet", { error });
        again(Math.min(PAUSE.longest, pause * 2));
      }
    }, pause);
  };
  watch(server);
  return {
    url: `${options.tls ? "https" : "http"}://${inUrl(options.host)}:${port}/`,
    port,
    async shutdown() {
      stopping = true;
      clearTimeout(retry);
      await server.shutdown();
    },
  };
}

function serve(options: ListenOptions, handler: Handler): Deno.HttpServer<Deno.NetAddr> {
  // `localhost` would be resolved to whichever of its two addresses comes first; be definite.
  const hostname = options.host === "localhost" ? "127.0.0.1" : options.host;
  const common = {
    hostname,
    port: options.port,
    onListen: () => {},
    onError: failed,
    // Off in later releases, on in earlier ones; stated so that both behave alike.
    automaticCompression: false,
  };
  try {
    return options.tls ? Deno.serve({ ...common, ...options.tls }, handler) : Deno.serve(common, handler);
  } catch (error) {
    throw new ListenError(reason(options, error), { cause: error });
  }
}

/** Only what the handler's own error handling let through. */
function failed(error: unknown): Response {
  logOf("server").error("The handler failed", { error });
  return new Response(null, { status: 500 });
}

function reason({ host, port }: ListenOptions, error: unknown): string {
  const where = `${inUrl(host)}:${port}`;
  if (error instanceof Deno.errors.AddrInUse) {
    return `Cannot listen on ${where}: something else does already. Stop it or choose another --port (0 picks a free one)`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `Cannot listen on ${where}: ${host} is not an address of this machine`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `Cannot listen on ${where}: not permitted. Ports below 1024 usually take privileges`;
  }
  return `Cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}`;
}
