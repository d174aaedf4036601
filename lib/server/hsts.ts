/** Tells browsers to come by HTTPS only from now on (RFC 6797). */

import type { Handler } from "../handler.ts";

/**
 * `handler`, whose every answer says so, for `seconds`. Not for a certificate that nobody vouches for: browsers ignore the
 * field over a connection that they warn of.
 */
export function withHsts(handler: Handler, seconds: number): Handler {
  const value = `max-age=${seconds}`;
  const told = (response: Response) => {
    response.headers.set("Strict-Transport-Security", value);
    return response;
  };
  return (request, from) => {
    const answer = handler(request, from);
    return answer instanceof Promise ? answer.then(told) : told(answer);
  };
}
