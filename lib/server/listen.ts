/** Listens for HTTP, goes on listening when the runtime gives up, and changes certificates while it does. */

import { inUrl } from "../addresses.ts";
import { logOf } from "../log.ts";
import { type Certificate, factsOf } from "./certificate.ts";
import type { Handler } from "./gate.ts";
import { Retirement } from "./retirement.ts";
import { freePort, ListenError, type ListenOptions, serve } from "./serving.ts";

export { ListenError, type ListenOptions } from "./serving.ts";

export interface Listener {
  /** Where it listens: `http://127.0.0.1:8080/`. */
  readonly url: string;
  readonly port: number;
  /**
   * Has new connections be served with another certificate; those that are there go on with the one they have.
   * @throws {ListenError} when it cannot be used; everything stays as it is then.
   */
  renew(tls: Certificate): void;
  /** Accepts no more and resolves when every connection is done with. May wait for ever: give it a deadline. */
  shutdown(): Promise<void>;
}

/** A listener of the runtime's, which has one certificate for all its life. */
interface Generation {
  server: Deno.HttpServer<Deno.NetAddr>;
  tls: Certificate | undefined;
  retirement: Retirement;
}

/** Milliseconds before it serves again after the runtime gave up; grows up to the second while that fails. */
const PAUSE = { first: 200, longest: 5_000 };
/** Milliseconds before a certificate expires at which its listener goes, whatever is still being sent to it. */
const LAST_HOUR = 3_600_000;

/** @throws {ListenError} when the address is taken, not this machine's, or not ours to take, or the certificate is bad. */
export function listen(options: ListenOptions, handler: Handler): Listener {
  const log = logOf("server");
  const open = (port: number, tls: Certificate | undefined): Generation => {
    const retirement = new Retirement();
    const counted = tls ? retirement.around(handler) : handler;
    return { server: serve({ ...options, tls, port }, counted), tls, retirement };
  };
  let current = open(options.tls ? freePort(options) : options.port, options.tls);
  const { port } = current.server.addr;
  const retiring = new Set<Promise<void>>();
  const stop = Promise.withResolvers<void>();
  let stopping = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const watch = (generation: Generation) => {
    // The runtime stops for good when `accept` fails, for instance when file handles run out. What it had accepted lives on.
    generation.server.finished.catch((error) => {
      if (stopping || generation !== current) return;
      log.error("The listener stopped; listening again shortly", { error });
      again(PAUSE.first);
    });
  };
  const again = (pause: number) => {
    retry = setTimeout(() => {
      try {
        current = open(port, current.tls);
        log.info("Listening again", { port });
        watch(current);
      } catch (error) {
        log.error("Cannot listen yet", { error });
        again(Math.min(PAUSE.longest, pause * 2));
      }
    }, pause);
  };
  const retire = async ({ server, tls, retirement }: Generation) => {
    const left = tls ? Date.parse(factsOf(tls.cert).expires) - Date.now() - LAST_HOUR : 0;
    await retirement.due(left, stop.promise);
    await server.shutdown();
  };
  watch(current);
  return {
    url: `${options.tls ? "https" : "http"}://${inUrl(options.host)}:${port}/`,
    port,
    renew(tls) {
      if (!options.tls) throw new ListenError("Plain HTTP has no certificate");
      const before = current;
      current = open(port, tls);
      clearTimeout(retry);
      watch(current);
      const retired = retire(before)
        .catch((error) => log.warn("A listener did not stop in order", { error }))
        .finally(() => retiring.delete(retired));
      retiring.add(retired);
    },
    async shutdown() {
      stopping = true;
      stop.resolve();
      clearTimeout(retry);
      await Promise.all([current.server.shutdown(), ...retiring]);
    },
  };
}
