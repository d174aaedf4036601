/**
 * Answers only to its own names. A page whose name its owner's DNS suddenly resolves to this machine (rebinding) sends
 * that name as `Host`, and is refused.
 */

import type { MiddlewareHandler } from "hono";
import { authorityOf, inUrl, isAddress, isWildcard, parseAuthority } from "../../lib/addresses.ts";
import { Problem } from "../../lib/domain/errors.ts";
import type { Env } from "../env.ts";

export interface HostOptions {
  /** The address that the server listens on. */
  bound: string;
  /** Further names, in lower case. */
  allowed: readonly string[];
  /** Paths that are answered under any name: probes reach a server by whatever address they know. */
  exempt?: readonly string[];
}

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const PROBES = ["/-/healthy", "/-/ready"];

/** @throws {Problem} `forbidden_host` for a name that is not one of ours, or none. Ports do not matter. */
export function host(options: HostOptions): MiddlewareHandler<Env> {
  const names = new Set([...LOOPBACK, inUrl(options.bound.toLowerCase()), ...options.allowed]);
  const exempt = new Set(options.exempt ?? PROBES);
  // Listening everywhere, any address may be the machine's; DNS has no say over addresses, so they cannot be rebound.
  const anyAddress = isWildcard(options.bound);
  const ours = (text: string) => {
    const authority = parseAuthority(text);
    return authority !== undefined && (names.has(authority.name) || (anyAddress && isAddress(authority.name)));
  };
  return (c, next) => {
    // The URL carries another name than the field when the request line does (absolute form).
    const foreign = [hostOf(c.req.raw), authorityOf(c.req.raw.url)].find((name) => !ours(name));
    if (foreign === undefined || exempt.has(c.req.path)) return next();
    const named = foreign === "" ? "A request without a host" : `The host ${JSON.stringify(foreign.slice(0, 300))}`;
    throw new Problem(
      "forbidden_host",
      `${named} is not answered. Use the server's address, or start it with --allow-host NAME.`,
    );
  };
}

/** HTTP/2, spoken over TLS only, has `:authority` instead of `Host`, and only the URL shows it. Empty when missing. */
export function hostOf(request: Request): string {
  return request.headers.get("host") ?? (request.url.startsWith("https:") ? authorityOf(request.url) : "");
}
