/**
 * How often each token may ask, said in every answer that counts (draft-ietf-httpapi-ratelimit-headers-10: `q` requests
 * within `w` seconds; `r` are left, and in `t` seconds there are `q` again).
 */

import type { Context } from "hono";
import { Problem } from "../../lib/domain/errors.ts";
import type { Rate } from "../../lib/domain/rate.ts";
import type { RateLimits } from "../../lib/rate_limits.ts";
import { callerIdOf } from "../caller.ts";
import type { Env } from "../env.ts";
import type { Check, Finish } from "./layers.ts";
import type { Needs } from "./route_scopes.ts";

export interface RateLimitOptions {
  limits: RateLimits;
  /** For every token that has no rate of its own; undefined: no limit. */
  rate?: Rate;
}

/** @throws {Problem} `rate_limited`. What is public is neither limited nor counted. */
export function rateLimit(
  { limits, rate: common }: RateLimitOptions,
  needsOf: (c: Context<Env>) => Needs | undefined,
): Check {
  return (c) => {
    const auth = c.get("auth");
    const rate = auth?.rate ?? common;
    if (!auth || !rate || needsOf(c) === "public") return;
    const standing = limits.count(callerIdOf(c), rate);
    c.set("standing", standing);
    if (!standing.exceeded) return;
    const { requests, seconds } = rate;
    throw new Problem(
      "rate_limited",
      `You may make ${requests} requests in ${seconds} seconds, and have. Try again in ${standing.resets} s.`,
      { retryAfter: standing.resets },
    );
  };
}

export const showRateLimit: Finish = (c) => {
  const standing = c.get("standing");
  if (!standing) return;
  const { rate, left, resets } = standing;
  c.res.headers.set("RateLimit-Policy", `"default";q=${rate.requests};w=${rate.seconds}`);
  c.res.headers.set("RateLimit", `"default";r=${left};t=${resets}`);
};
