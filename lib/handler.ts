/** What answers requests. */

import type { Caller } from "./addresses.ts";

/** Answers one request. */
export type Handler = (request: Request, from: Caller) => Response | Promise<Response>;
