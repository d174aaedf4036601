/** One line a request at debug, every 5xx into `error.log`, and the count and time of each request. */

import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import { type ErrorLog, logOf } from "../../lib/log.ts";
import type { Metrics } from "../../lib/metrics.ts";
import { Problem } from "../../lib/domain/errors.ts";
import { withoutTokens } from "../../lib/tokens/secret.ts";
import type { Env } from "../env.ts";
import type { Finish } from "./layers.ts";

export interface RequestLogOptions {
  metrics: Metrics;
  errorLog: Pick<ErrorLog, "write">;
}

/** Methods that are told apart; a label for whatever a client makes up would let it fill the memory. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

export function requestLog({ metrics, errorLog }: RequestLogOptions): Finish {
  const log = logOf("http");
  return (c) => {
    const ms = performance.now() - c.get("began");
    const { status } = c.res;
    const method = METHODS.has(c.req.method) ? c.req.method : "other";
    metrics.requestAnswered(method, routeOf(c), status, ms / 1000);
    if (status < 500 && !log.enabled("debug")) return;
    const facts = {
      request_id: c.get("requestId"),
      method: c.req.method.slice(0, 40),
      path: withoutTokens(c.req.path),
      status,
      ms: Math.round(ms * 1000) / 1000,
    };
    log.debug("Request answered", facts);
    if (status < 500) return;
    const failure = { ...facts, ...failureOf(c.error) };
    errorLog.write({ message: "Request failed", ...failure });
    log.warn("Request failed", failure);
  };
}

/** Patterns as they were registered, by the pattern without Hono's expressions: `/:key{[a-z]+}` is `/{key}`. */
const labels = new Map<string, string>();

/** The pattern of the route that took the request; `none` when there was none. */
function routeOf(c: Context<Env>): string {
  const pattern = matchedRoutes(c).find((route) => route.method !== "ALL")?.path;
  if (pattern === undefined) return "none";
  let label = labels.get(pattern);
  if (label === undefined) {
    label = pattern.replaceAll(/:(\w[\w-]*)(\{.*?\})?(?=\/|$)/g, "{$1}");
    labels.set(pattern, label);
  }
  return label;
}

function failureOf(error: Error | undefined): Record<string, unknown> {
  if (error === undefined) return {};
  const cause = error.cause === undefined ? {} : { cause: String(error.cause) };
  if (error instanceof Problem && error.code !== "internal") {
    return { code: error.code, error: error.message, ...cause };
  }
  return { code: "internal", error: error.stack ?? String(error), ...cause };
}
