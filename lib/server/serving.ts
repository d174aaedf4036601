/** One listener of the runtime's, and what keeps it from listening in words for people. */

import { inUrl } from "../addresses.ts";
import { logOf } from "../log.ts";
import type { Handler } from "../handler.ts";
import type { Certificate } from "./certificate.ts";
import { untransformed } from "./untransformed.ts";

export interface ListenOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** HTTPS when it is there. */
  tls?: Certificate;
}

/** It cannot listen where it was told to; the message is one line for people. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/**
 * The port, if nobody listens on it. Listeners that may be joined by one with another certificate share their port with
 * whoever of the same user asks for it in the same way, and the first of them would not be told that it is not alone.
 * @throws {ListenError}
 */
export function freePort(options: ListenOptions): number {
  try {
    const probe = Deno.listen({ hostname: hostnameOf(options), port: options.port });
    const { port } = probe.addr as Deno.NetAddr;
    probe.close();
    return port;
  } catch (error) {
    throw new ListenError(reason(options, error), { cause: error });
  }
}

/** Under TLS the port can be shared with the listener that comes after this one. @throws {ListenError} */
export function serve(options: ListenOptions, handler: Handler): Deno.HttpServer<Deno.NetAddr> {
  const common = {
    hostname: hostnameOf(options),
    port: options.port,
    onListen: () => {},
    onError: failed,
    automaticCompression: false,
  };
  const answer = untransformed(handler);
  try {
    return options.tls
      ? Deno.serve({ ...common, reusePort: true, ...options.tls }, answer)
      : Deno.serve(common, answer);
  } catch (error) {
    throw new ListenError(reason(options, error), { cause: error });
  }
}

/** `localhost` would be resolved to whichever of its two addresses comes first; be definite. */
function hostnameOf({ host }: ListenOptions): string {
  return host === "localhost" ? "127.0.0.1" : host;
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
  if (error instanceof Deno.errors.InvalidData || /KeyMismatch/.test(String(error))) {
    return `Cannot listen on ${where}: the certificate and its key are not fit for use or do not belong together`;
  }
  return `Cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}`;
}
