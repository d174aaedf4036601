/** What the middleware leaves in a request's context, and what the server hands in with each request. */

import type { Caller } from "../lib/addresses.ts";

/** Who is asking. */
export interface Auth {
  /** Name of the token, or `anonymous` where no token is asked for. */
  name: string;
  /** What the token allows: `jobs:write`, …; `*` is everything. */
  scopes: readonly string[];
}

export interface Env {
  Variables: {
    /** Goes out as `X-Request-Id` and stands in every log line of the request. */
    requestId: string;
    /** When the request came, as `performance.now()` has it. */
    began: number;
    /** Not there on public paths that were asked for without credentials. */
    auth?: Auth;
  };
  Bindings: Caller;
}
