/** The answers of the short way, once a request has turned out to be an ordinary one. */

import { Problem } from "../lib/domain/errors.ts";
import { MAX_VALUE_BYTES } from "../lib/domain/key.ts";
import type { Metrics } from "../lib/metrics.ts";
import type { BodyDeadline } from "../lib/body_deadline.ts";
import type { Handler } from "../lib/handler.ts";
import { type Caller, callerOf } from "../lib/addresses.ts";
import type { AuditLog } from "../lib/log/audit_log.ts";
import { deleteKey, deleteKeyLong, putKey, putKeyLong } from "../openapi/keys.ts";
import type { Auth } from "./env.ts";
import type { Keys } from "../lib/services/keys/keys.ts";
import type { Expect } from "../lib/services/ports/store.ts";
import { etagOfVersion, expectation, judge, readConditions } from "./conditions.ts";
import { isUtf8, missing } from "./key_values.ts";
import { problemAnswer } from "./middleware/errors.ts";
import { SECURITY_HEADERS } from "./middleware/security_headers.ts";

export interface FastKeyDeps {
  keys: Keys;
  metrics: Pick<Metrics, "requestAnswered">;
  auditLog: Pick<AuditLog, "write">;
  bodyDeadline: BodyDeadline;
}

export type Method = "GET" | "HEAD" | "PUT" | "DELETE";

/** A request for one key. */
export interface Asked {
  request: Request;
  from: Caller;
  method: Method;
  key: string;
  /** The pattern, as metrics name it. */
  route: string;
  /** Seconds. */
  ttl?: number;
  /** On the steady clock, in milliseconds. */
  began: number;
  /** Who asks. */
  auth: Auth;
  /** Where from, of those that change something: looked up before anything is waited for, since it goes with the connection. */
  address?: string;
  /** The request's own, for `X-Request-Id`. */
  id: string;
}

const ANY: Expect = { is: "any" };
const encoder = new TextEncoder();

/** Answers, or hands the request on to `slow` with its body, read or not. */
export function answer(asked: Asked, deps: FastKeyDeps, slow: Handler): Response | Promise<Response> {
  switch (asked.method) {
    case "GET":
    case "HEAD":
      return get(asked, deps) ?? slow(asked.request, asked.from);
    case "PUT":
      asked.address = callerOf(asked.from.remoteAddr);
      return put(asked, deps, slow);
    case "DELETE":
      asked.address = callerOf(asked.from.remoteAddr);
      return remove(asked, deps, slow);
  }
}

function get(asked: Asked, deps: FastKeyDeps): Response | undefined {
  const { request, method, key } = asked;
  const { headers } = request;
  // Whether it is clear where its body ends is looked at there.
  if (headers.get("transfer-encoding") !== null) return undefined;
  const found = peek(deps.keys, key);
  if (found === null) return undefined;
  if (found === undefined) {
    // A body that nobody reads, and what HEAD has to say of an answer that it does not send, are not for here.
    return method === "HEAD" || hasBody(headers) ? undefined : notFound(asked, deps);
  }
  const etag = etagOfVersion(found.version);
  if (headers.get("if-match") !== null || headers.get("if-none-match") !== null) {
    const verdict = judged(request, etag);
    if (verdict === "not modified") return counted(asked, deps, nothing(asked, 304, etag));
    if (verdict !== "go on") return undefined;
  }
  return counted(asked, deps, method === "GET" ? value(asked, found.text, etag) : valueHead(asked, found.text, etag));
}

/** Null when it cannot be read; the long way says why. */
function peek(keys: Keys, key: string): ReturnType<Keys["peek"]> | null {
  try {
    return keys.peek(key);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

async function put(asked: Asked, deps: FastKeyDeps, slow: Handler): Promise<Response> {
  const { request, from, key, ttl } = asked;
  // Whole and small is all that is taken here: no chunks, nothing that would be refused for its size.
  const length = request.headers.get("content-length");
  if (length === null || length.length > 4 || !(Number(length) <= MAX_VALUE_BYTES)) return slow(request, from);
  if (request.headers.get("transfer-encoding") !== null) return slow(request, from);
  let body: Uint8Array<ArrayBuffer> | undefined;
  try {
    const expect = expected(request);
    body = await bodyOf(request, deps.bodyDeadline);
    if (isUtf8(body)) {
      const { version, created } = await deps.keys.put(key, body, { ttl, expect });
      return counted(asked, deps, nothing(asked, created ? 201 : 204, etagOfVersion(version)));
    }
  } catch (error) {
    // Whatever was refused or has failed changed nothing: the long way tries once more and says why.
    if (!(error instanceof Problem)) throw error;
    // But there is no more of a body that did not come whole.
    if (body === undefined && request.bodyUsed) return refused(asked, deps, error);
  }
  return slow(body === undefined ? request : repeated(request, body), from);
}

async function remove(asked: Asked, deps: FastKeyDeps, slow: Handler): Promise<Response> {
  const { request, from, key } = asked;
  if (hasBody(request.headers)) return slow(request, from);
  try {
    const removed = await deps.keys.remove(key, expected(request));
    return removed ? counted(asked, deps, nothing(asked, 204)) : notFound(asked, deps);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return slow(request, from);
  }
}

/** @throws {Problem} when it broke off. */
async function bodyOf(request: Request, deadline: BodyDeadline): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await deadline.within(request.bytes());
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem("invalid_request", "The body broke off before it was complete.", { cause });
  }
}

/** The same request with a body that was read already. */
function repeated({ url, method, headers }: Request, body: Uint8Array<ArrayBuffer>): Request {
  return new Request(url, { method, headers, body });
}

function hasBody(headers: Headers): boolean {
  return headers.get("content-length") !== null || headers.get("transfer-encoding") !== null;
}

/** What a write expects. @throws {Problem} for conditions that are refused. */
function expected(request: Request): Expect {
  const { headers } = request;
  return headers.get("if-match") === null && headers.get("if-none-match") === null
    ? ANY
    : expectation(readConditions(request));
}

/** Undefined for conditions that are refused. */
function judged(request: Request, etag: string): ReturnType<typeof judge> | undefined {
  try {
    return judge(readConditions(request), etag);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** As a string, which the runtime sends at half the cost of bytes with the same header fields. */
function value({ id }: Asked, text: string, etag: string): Response {
  return new Response(text, {
    headers: {
      "content-type": "application/octet-stream",
      "etag": etag,
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      "x-request-id": id,
    },
  });
}

function valueHead(asked: Asked, text: string, etag: string): Response {
  const { headers } = value(asked, "", etag);
  headers.set("content-length", String(encoder.encode(text).length));
  return new Response(null, { headers });
}

function nothing({ id }: Asked, status: 201 | 204 | 304, etag?: string): Response {
  return new Response(null, {
    status,
    headers: etag === undefined ? { "x-request-id": id } : { "etag": etag, "x-request-id": id },
  });
}

/** Not made of an error, whose stack trace would cost more than everything else. */
function notFound(asked: Asked, deps: FastKeyDeps): Response {
  return refused(asked, deps, { code: "not_found", message: missing(asked.key), extras: {} });
}

function refused(
  asked: Asked,
  deps: FastKeyDeps,
  problem: Pick<Problem, "code" | "message" | "extras">,
): Response {
  const { id } = asked;
  const response = problemAnswer(problem, id);
  for (const [name, value] of SECURITY_HEADERS) response.headers.set(name, value);
  response.headers.set("X-Request-Id", id);
  return counted(asked, deps, response);
}

/** Counts the answer, and writes down who changed something. */
function counted(asked: Asked, { metrics, auditLog }: FastKeyDeps, response: Response): Response {
  const { method, route, began } = asked;
  metrics.requestAnswered(method, route, response.status, (performance.now() - began) / 1000);
  if (method !== "PUT" && method !== "DELETE") return response;
  auditLog.write({
    time: new Date().toISOString(),
    request_id: asked.id,
    token: asked.auth.name,
    token_id: asked.auth.id,
    address: asked.address!,
    action: ACTIONS[method][route]!,
    object: asked.key,
    status: response.status,
  });
  return response;
}

/** What the contract calls them. */
const ACTIONS: Record<"PUT" | "DELETE", Record<string, string>> = {
  PUT: { [putKey.path]: putKey.operationId, [putKeyLong.path]: putKeyLong.operationId },
  DELETE: { [deleteKey.path]: deleteKey.operationId, [deleteKeyLong.path]: deleteKeyLong.operationId },
};
