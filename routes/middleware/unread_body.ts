/**
 * Takes in the small body of a request that was refused before anybody read it. The runtime keeps the connection open,
 * for half a minute or so, until somebody does, and a client that waits for the end of the connection waits with it. Of
 * what is longer the client is told that the connection ends with the answer (RFC 9112, section 9.6): whoever asked the
 * next thing on it would find it closed.
 */

import type { Finish } from "./layers.ts";

/** Bytes; what is longer is left where it is, and holds its sender back. */
const SMALL = 64 * 1024;
/** How long to wait for the rest of it, in milliseconds. */
const PATIENCE = 200;

export const unreadBody: Finish = async (c) => {
  if (c.res.status < 400) return;
  const request = c.req.raw;
  if (request.bodyUsed || request.body === null || request.body.locked) return;
  const length = request.headers.get("content-length");
  if (length === null ? request.headers.get("transfer-encoding") === null : Number(length) === 0) return;
  if (Number(length ?? 0) > SMALL || !await takeIn(request.body)) c.res.headers.set("connection", "close");
};

/** Before the answer goes: afterwards the runtime no longer listens. Answers whether that was all of it. */
async function takeIn(body: ReadableStream<Uint8Array>): Promise<boolean> {
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => timer = setTimeout(() => resolve("late"), PATIENCE));
  try {
    for (let size = 0; size <= SMALL;) {
      const piece = await Promise.race([reader.read(), late]);
      if (piece === "late") return false;
      if (piece.done) return true;
      size += piece.value.length;
    }
    return false;
  } catch {
    // It broke off, and its connection with it.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
