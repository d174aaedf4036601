/** The operation of the contract that a request is for. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { Env } from "../env.ts";

export type Operation = (c: Context<Env>) => RouteConfig | undefined | null;

/** Tells the operation; null where a route takes the request that is not in the contract, undefined where none does. */
export function operationOf(contract: readonly RouteConfig[]): Operation {
  const declared = new Map(contract.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route]));
  // By method and path as the router has them, which are few.
  const known = new Map<string, RouteConfig | null>();
  return (c) => {
    const route = matchedRoutes(c).find(({ method }) => method !== "ALL");
    if (!route) return undefined;
    const key = `${route.method} ${route.path}`;
    let operation = known.get(key);
    if (operation === undefined) {
      operation = declared.get(`${route.method} ${templateOf(route.path)}`) ?? null;
      known.set(key, operation);
    }
    return operation;
  };
}

/** `/:key{[a-z]+}`, as the router has it, is `/{key}` in the contract. */
function templateOf(path: string): string {
  return path.replaceAll(/:([\w-]+)(\{.*?\}+)?(?=\/|$)/g, "{$1}");
}
