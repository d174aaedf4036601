/** Addresses and authorities, read by hand: a `Host` field is the caller's and need not be anything that `URL` takes. */

/** A host and port as they stand in `Host`, `:authority` or `Origin`. The name is in lower case, IPv6 in brackets. */
export interface Authority {
  name: string;
  port: string;
}

const AUTHORITY = /^(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}))(?::(\d{1,5}))?$/;

/** Reads `host[:port]` (RFC 9110, section 7.2); undefined for anything else, user names and paths included. */
export function parseAuthority(text: string): Authority | undefined {
  const match = AUTHORITY.exec(text);
  if (!match || Number(match[2] ?? 0) > 65_535) return undefined;
  return { name: match[1]!.toLowerCase().replace(/\.$/, ""), port: match[2] ?? "" };
}

/** The authority part of an absolute URL as it was sent. */
export function authorityOf(url: string): string {
  const start = url.indexOf("://") + 3;
  const end = url.slice(start).search(/[/?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end);
}

/** Whether only this machine reaches it. Other names than `localhost` are not looked up. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** Whether it stands for every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** Whether a name out of {@link parseAuthority} is an address rather than a name that somebody's DNS decides. */
export function isAddress(name: string): boolean {
  return name.startsWith("[") || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}

/** The address as a URL writes it. */
export function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** The other end of a connection. The runtime looks its address up only when it is asked for. */
export interface Caller {
  readonly remoteAddr: Deno.Addr;
}

/**
 * What counts as one caller: the IPv4 address, or the /64 network of an IPv6 address, which one machine has to itself.
 */
export function callerOf(remote: Deno.Addr): string {
  if (!("hostname" in remote)) return "local";
  const address = remote.hostname;
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  const filled = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill("0"), ...rest];
  return `${filled.slice(0, 4).join(":")}::/64`;
}
