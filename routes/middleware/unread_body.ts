/**
 * Takes in the small body of a request that was refused before anybody read it. The runtime keeps the connection open,
 * for half a minute or so, until somebody does, and a client that waits for the end of the connection waits with it.
 */

import type { Finish } from "./layers.ts";

/** Bytes; what is longer is left where it is, and holds its sender back. */
const SMALL = 64 * 1024;
/** How long to wait for the rest of it, in milliseconds. */
const PATIENCE = 200;

export const unreadBody: Finish = (c) => {
  if (c.res.status < 400) return;
  const request = c.req.raw;
  if (request.bodyUsed) return;
  const length = Number(request.headers.get("content-length") ?? 0);
  if (length === 0 || length > SMALL || request.body === null || request.body.locked) return;
  return takeIn(request);
};

/** Before the answer goes: afterwards the runtime no longer listens. Whoever dawdles is answered all the same. */
async function takeIn(request: Request): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, PATIENCE));
  await Promise.race([request.arrayBuffer().then(() => {}, () => {}), late]);
  clearTimeout(timer);
}
