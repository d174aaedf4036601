/** Refuses `?=value`: the router passes over parameters without a name, and no parameter may pass silently. */

import { Problem } from "../lib/domain/errors.ts";
import type { Check } from "./middleware/layers.ts";

export function namedParameters(): Check {
  return (c) => {
    const { url } = c.req;
    const mark = url.indexOf("?");
    if (mark < 0 || !/[?&]=/.test(url.slice(mark))) return;
    const detail = "A parameter has no name";
    throw new Problem("invalid_request", `${detail}: send name=value.`, { errors: [{ pointer: "query/", detail }] });
  };
}
