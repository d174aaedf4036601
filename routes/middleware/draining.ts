/** Refuses what comes while the server stops. */

import { Problem } from "../../lib/domain/errors.ts";
import type { Check } from "./layers.ts";

/** Whoever watches over the server may go on doing so. */
const OPEN = new Set(["/-/healthy", "/-/ready", "/-/metrics"]);
/** Seconds in which a restarted server may well be back. */
const RETRY_AFTER = 5;

/** @throws {Problem} `shutting_down` while `isDraining()`. */
export function draining(isDraining: () => boolean): Check {
  return (c) => {
    if (!isDraining() || OPEN.has(c.req.path)) return;
    throw new Problem("shutting_down", "The server is shutting down. Try again when it is back.", {
      retryAfter: RETRY_AFTER,
    });
  };
}
