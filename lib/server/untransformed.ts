/** Earlier releases of the runtime compress answers as they go, and know no setting against it. */

import type { Handler } from "../handler.ts";

/** The first release that was seen to leave answers as they are, as the minor number of 2.x. */
const LEAVES_ALONE = 9;

/**
 * Asks the runtime, where it has to be asked, to send answers as they are made (`no-transform`, RFC 9111, section
 * 5.2.2.6). What it compresses loses its length and its strong `ETag`, by which clients resume and compare, and takes
 * the time of all other requests.
 */
export function untransformed(handler: Handler, version: string = Deno.version.deno): Handler {
  const [major, minor] = version.split(".").map(Number);
  if (major! > 2 || minor! >= LEAVES_ALONE) return handler;
  return async (request, from) => {
    const response = await handler(request, from);
    const control = response.headers.get("cache-control");
    // In one line: of several it reads the first.
    response.headers.set("cache-control", control === null ? "no-transform" : `${control}, no-transform`);
    return response;
  };
}
