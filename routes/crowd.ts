/**
 * Refuses requests while too much is open. The runtime tells of no connection before there is a request on it, so
 * requests are what is counted: those that are being answered, held ones and uploads among them, and streams. A
 * connection on which nothing is asked costs some kilobytes and is not counted.
 */

import type { Handler } from "../lib/handler.ts";
import type { Metrics } from "../lib/metrics.ts";
import { problemAnswer } from "./middleware/errors.ts";
import { SECURITY_HEADERS } from "./middleware/security_headers.ts";

export interface CrowdOptions {
  /** `Infinity` is no limit. */
  most: number;
  /** How many are open, the one that asks left out. */
  open: () => number;
  metrics: Pick<Metrics, "requestAnswered">;
}

/** Whoever watches over the server is let in, to learn that it lives. */
const PROBES = /^https?:\/\/[^/]+\/-\/(healthy|ready)$/;
/** Seconds. */
const RETRY_AFTER = 1;

/** `next`, for as many as there is room for. */
export function notTooMany({ most, open, metrics }: CrowdOptions, next: Handler): Handler {
  if (most === Infinity) return next;
  return (request, from) => open() < most || PROBES.test(request.url) ? next(request, from) : refuse();

  function refuse(): Response {
    const id = crypto.randomUUID();
    const message = `${most} requests and streams are open, the most that this server takes (--max-connections).`;
    const response = problemAnswer(
      { code: "too_many_connections", message, extras: { retryAfter: RETRY_AFTER } },
      id,
    );
    for (const [name, value] of SECURITY_HEADERS) response.headers.set(name, value);
    response.headers.set("X-Request-Id", id);
    // The next try is to be a connection that may not come about.
    response.headers.set("Connection", "close");
    metrics.requestAnswered("other", "none", response.status, 0);
    return response;
  }
}
