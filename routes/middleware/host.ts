/**
 * Answers only to its own names. A page whose name its owner's DNS suddenly resolves to this machine (rebinding) sends
 * that name as `Host`, and is refused.
 */

import { authorityOf, inUrl, isAddress, isWildcard, parseAuthority } from "../../lib/addresses.ts";
import { Problem } from "../../lib/domain/errors.ts";
import type { Check } from "./layers.ts";

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

/** Tells whether a `Host` field or a URL's authority names this server. Ports do not matter. */
export function ownHosts(options: HostOptions): (text: string) => boolean {
  const names = new Set([...LOOPBACK, inUrl(options.bound.toLowerCase()), ...options.allowed]);
  // Listening everywhere, any address may be the machine's; DNS has no say over addresses, so they cannot be rebound.
  const anyAddress = isWildcard(options.bound);
  return (text) => {
    const authority = parseAuthority(text);
    return authority !== undefined && (names.has(authority.name) || (anyAddress && isAddress(authority.name)));
  };
}

/**
 * @throws {Problem} `forbidden_host` for a name that is not one of ours; `invalid_request` for what is no name, or none
 * (RFC 9112, section 3.2).
 */
export function host(options: HostOptions): Check {
  const ours = ownHosts(options);
  const exempt = new Set(options.exempt ?? PROBES);
  // What was found to be ours last: almost always what comes next.
  let known = "";
  return (c) => {
    const field = hostOf(c.req.raw);
    const authority = authorityOf(c.req.raw.url);
    if (field === known && authority === known) return;
    // The URL carries another name than the field when the request line does (absolute form).
    const foreign = [field, authority].find((name) => !ours(name));
    if (foreign === undefined) {
      known = field;
      return;
    }
    if (exempt.has(c.req.path)) return;
    const named = JSON.stringify(foreign.slice(0, 300));
    if (parseAuthority(foreign) === undefined) throw noHost(named);
    throw new Problem(
      "forbidden_host",
      `The host ${named} is not answered. Use the server's address, or start it with --allow-host NAME.`,
    );
  };
}

function noHost(named: string): Problem {
  const detail = "Send one Host field with a name, and its port where it has one";
  const what = named === '""' ? "The request names no host" : `${named} is no host`;
  return new Problem("invalid_request", `${what}. ${detail}.`, { errors: [{ pointer: "header/host", detail }] });
}

/** HTTP/2, spoken over TLS only, has `:authority` instead of `Host`, and only the URL shows it. Empty when missing. */
export function hostOf(request: Request): string {
  return request.headers.get("host") ?? (request.url.startsWith("https:") ? authorityOf(request.url) : "");
}
