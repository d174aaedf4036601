/**
 * What happens to every request and every answer, as plain functions that are run one after the other. A middleware of
 * Hono for each would cost every request a promise and two calls for each, though almost none of them has to wait.
 */

import type { Context, MiddlewareHandler } from "hono";
import type { Env } from "../env.ts";

/** Looks at a request before it is handled: throws, or answers it itself, or lets it pass. */
export type Check = (c: Context<Env>) => Response | void | Promise<Response | void>;

/** Does something to an answer before it goes. */
export type Finish = (c: Context<Env>) => void | Promise<void>;

/** Runs the checks in their order; the first that throws or answers is the last. */
export function before(...checks: Check[]): MiddlewareHandler<Env> {
  return async (c, next) => {
    for (const check of checks) {
      let answer = check(c);
      if (answer === undefined) continue;
      if (answer instanceof Promise) answer = await answer;
      if (answer) return answer;
    }
    await next();
  };
}

/** Runs `first`, then everything else, then `finishes` in their order, refusals and errors included. */
export function around(first: (c: Context<Env>) => void, ...finishes: Finish[]): MiddlewareHandler<Env> {
  return async (c, next) => {
    first(c);
    await next();
    for (const finish of finishes) {
      const wait = finish(c);
      if (wait) await wait;
    }
  };
}
