/**
 * The short way of the busiest requests, those for one key (document 004): no router, no middleware, the same answers.
 *
 * It takes only what is beyond doubt: a key as it stands in the contract, one of our own hosts, no browser, no query that
 * would have to be checked, a token that may do it where one is asked for. Whatever is out of the ordinary, every refusal
 * but that of a missing key included, goes the long way, which alone knows what to say. A test sends the same requests
 * both ways.
 */

import { covers } from "../lib/domain/scope.ts";
import { KEY_PATTERN } from "../lib/domain/key.ts";
import type { Handler } from "../lib/handler.ts";
import { type Caller, callerOf } from "../lib/addresses.ts";
import type { Rate } from "../lib/domain/rate.ts";
import type { Throttle } from "../lib/throttle.ts";
import type { Tokens } from "../lib/tokens/tokens.ts";
import { answer, type Asked, type FastKeyDeps, type Method } from "./fast_key_answers.ts";
import { ANYBODY, bearer } from "./middleware/auth.ts";
import { hostOf } from "./middleware/host.ts";

export interface FastKeysOptions extends FastKeyDeps {
  /** Whether a `Host` or authority is one of ours. */
  isOwnHost: (text: string) => boolean;
  tokens: Tokens;
  /** Requests are counted, which the long way does. */
  rate?: Rate;
  throttle: Pick<Throttle, "wait">;
  /** Whether every request has to go the long way: the server is stopping, or each is to be logged. */
  avoid: () => boolean;
}

const LONG_FORM = "api/keys/";
/** Paths below the long form that are not keys. */
const NOT_KEYS = new Set(["batch", "events"]);
/** Every key and its surroundings fit; a longer URL needs a closer look. */
const LONGEST_URL = 1024;

/** Answers what it can, and hands everything else to `slow`. */
export function fastKeys(options: FastKeysOptions, slow: Handler): Handler {
  const { isOwnHost, avoid } = options;
  /** Everything before the path of the last request whose host was found to be ours. */
  let trusted = "\0";
  let trustedHost = "\0";

  return (request, from) => {
    const method = request.method;
    if (method !== "GET" && method !== "PUT" && method !== "DELETE" && method !== "HEAD") return slow(request, from);
    const began = performance.now();
    const { url } = request;
    if (!url.startsWith(trusted)) {
      const slash = url.indexOf("/", 8);
      const authority = url.slice(url.indexOf("//") + 2, slash);
      if (slash < 0 || !isOwnHost(authority)) return slow(request, from);
      trusted = url.slice(0, slash + 1);
    }
    const asked = read(request, from, method, url, trusted.length, began);
    if (asked === undefined || options.rate !== undefined || avoid()) return slow(request, from);
    const { headers } = request;
    const host = hostOf(request);
    if (host !== trustedHost) {
      if (!isOwnHost(host)) return slow(request, from);
      trustedHost = host;
    }
    // Only browsers send these.
    if (headers.get("origin") !== null || headers.get("sec-fetch-site") !== null) return slow(request, from);
    if (options.tokens.required) return withToken(asked, options, slow);
    return answer(asked, options, slow);
  };
}

/** The key and what goes with it; undefined when the URL is anything but a plain one of a key. */
function read(
  request: Request,
  from: Caller,
  method: Method,
  url: string,
  start: number,
  began: number,
): Asked | undefined {
  if (url.length > LONGEST_URL) return undefined;
  let ttl: number | undefined;
  let end = url.indexOf("?", start);
  if (end < 0) end = url.length;
  else if (method === "PUT") {
    ttl = plainTtl(url.slice(end));
    if (ttl === undefined) return undefined;
  } else return undefined;
  const long = url.startsWith(LONG_FORM, start);
  const key = url.slice(long ? start + LONG_FORM.length : start, end);
  if (!KEY_PATTERN.test(key) || (long && NOT_KEYS.has(key))) return undefined;
  return {
    request,
    from,
    method,
    key,
    route: long ? "/api/keys/{key}" : "/{key}",
    ttl,
    began,
    auth: ANYBODY,
    id: crypto.randomUUID(),
  };
}

/** The number of `?ttl=60`; everything else that the contract takes is left to it. */
function plainTtl(query: string): number | undefined {
  const match = /^\?ttl=([1-9]\d{0,8})$/.exec(query);
  return match ? Number(match[1]) : undefined;
}

/** Only for callers who may do anything with keys; whoever may not is refused the long way. */
function withToken(asked: Asked, options: FastKeysOptions, slow: Handler): Response | Promise<Response> {
  const { request, from, method } = asked;
  const token = bearer(request.headers.get("authorization") ?? undefined);
  const scope = method === "GET" || method === "HEAD" ? "keys:read" : "keys:write";
  if (token === undefined || options.throttle.wait(callerOf(from.remoteAddr)) > 0) return slow(request, from);
  const owner = options.tokens.find(token);
  if (!owner || owner.rate !== undefined || !covers(owner.scopes, scope)) return slow(request, from);
  return answer({ ...asked, auth: owner }, options, slow);
}
