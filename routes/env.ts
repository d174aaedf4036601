/** What the middleware leaves in a request's context, and what the server hands in with each request. */

import type { Caller } from "../lib/addresses.ts";
import type { Standing } from "../lib/rate_limits.ts";
import type { TokenOwner } from "../lib/tokens/tokens.ts";

/** Who is asking: whose token it is, or `anonymous`, who may do everything, where no token is asked for. */
export type Auth = TokenOwner;

export interface Env {
  Variables: {
    /** Goes out as `X-Request-Id` and stands in every log line of the request. */
    requestId: string;
    /** When the request came, as `performance.now()` has it. */
    began: number;
    /** Not there on public paths that were asked for without credentials. */
    auth?: Auth;
    /** How the caller stands with the requests that it may make; not there when they are not counted. */
    standing?: Standing;
    /** The answer is bytes or nothing, and carries what it needs: there is nothing in it for a browser to show or run. */
    bare?: boolean;
    /** What a request was about, where its path does not say so; goes into the audit log. */
    object?: string;
  };
  Bindings: Caller;
}
