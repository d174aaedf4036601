/** All of the middleware, in the order in which it has to stand. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Context, Hono } from "hono";
import type { AuditLog } from "../../lib/log/audit_log.ts";
import type { Throttle } from "../../lib/throttle.ts";
import type { Sessions } from "../../lib/tokens/sessions.ts";
import type { Tokens } from "../../lib/tokens/tokens.ts";
import type { Env } from "../env.ts";
import { audit } from "./audit.ts";
import { auth } from "./auth.ts";
import { draining } from "./draining.ts";
import { onError } from "./errors.ts";
import { framing } from "./framing.ts";
import { headAllowed, headAnswer } from "./head.ts";
import { host, type HostOptions } from "./host.ts";
import { jsonCharset } from "./json_charset.ts";
import { around, before, type Check } from "./layers.ts";
import { notFound } from "./not_found.ts";
import { origin } from "./origin.ts";
import { giveId, showId } from "./request_id.ts";
import { rateLimit, type RateLimitOptions, showRateLimit } from "./rate_limit.ts";
import { requestLog, type RequestLogOptions } from "./request_log.ts";
import { needsOf as needsOfContract } from "./route_scopes.ts";
import { scope } from "./scope.ts";
import { securityHeaders } from "./security_headers.ts";
import { unreadBody } from "./unread_body.ts";
import { uriLength } from "./uri_length.ts";

export interface StackOptions extends RequestLogOptions {
  host: HostOptions;
  tokens: Tokens;
  sessions: Pick<Sessions, "find">;
  throttle: Throttle;
  rates: RateLimitOptions;
  /** Every endpoint, with the scopes it needs. */
  contract: readonly RouteConfig[];
  auditLog: Pick<AuditLog, "write">;
  /** Whether the server is stopping. */
  isDraining: () => boolean;
}

/**
 * Puts the middleware into `app`, which must have no routes yet, and `more` checks after the usual ones. `app` has to be
 * made with `strict: false`, by which a trailing slash means nothing.
 */
export function useStack(app: Hono<Env>, options: StackOptions, ...more: Check[]): void {
  const { metrics, errorLog, auditLog, contract, tokens, sessions, throttle, rates } = options;
  const needsOf = needsOfContract(contract);
  const log = requestLog({ metrics, errorLog });
  // Outside of the checks, so that every refusal has an id and is counted.
  app.use(
    around(
      begin,
      headAnswer,
      jsonCharset,
      securityHeaders,
      log,
      audit(auditLog, contract),
      showId,
      showRateLimit,
      unreadBody,
    ),
  );
  app.use(before(
    uriLength(),
    framing,
    host(options.host),
    origin(),
    auth({ tokens, sessions, throttle, needsOf }),
    rateLimit(rates, needsOf),
    scope(needsOf),
    draining(options.isDraining),
    headAllowed(),
    ...more,
  ));
  app.onError(onError);
  app.notFound(notFound(app));
}

function begin(c: Context<Env>): void {
  c.set("began", performance.now());
  giveId(c);
}
