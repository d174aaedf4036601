/** Refuses `?=value`: the router passes over parameters without a name, and no parameter may pass silently. */

import type { MiddlewareHandler } from "hono";
import { Problem } from "../lib/domain/errors.ts";
import type { Env } from "./env.ts";

export function namedParameters(): MiddlewareHandler<Env> {
  return (c, next) => {
    const { url } = c.req;
    const mark = url.indexOf("?");
    if (mark < 0 || !/[?&]=/.test(url.slice(mark))) return next();
    const detail = "A parameter has no name";
    throw new Problem("invalid_request", `${detail}: send name=value.`, { errors: [{ pointer: "query/", detail }] });
  };
}
