/** Long requests (documents 000 and 001). */

import { Problem } from "../lib/domain/errors.ts";
import { holdRequest, killRequest, serverStatus } from "../openapi/requests.ts";
import { callerIdOf } from "./caller.ts";
import type { App, RouteDeps } from "./deps.ts";
import { readConnId } from "./kill_body.ts";
import { leaving, left } from "./leaving.ts";
import { readText } from "./middleware/body.ts";
import { heldView } from "./views/change_view.ts";

export function requestRoutes(app: App, { requests, maxHold, maxBody, bodyDeadline, shares }: RouteDeps): void {
  app.openapi(holdRequest, async (c) => {
    const { connId, timeout } = c.req.valid("query");
    c.set("object", String(connId));
    if (timeout > maxHold) throw tooLong(maxHold);
    const giveBack = shares.holds.take(callerIdOf(c));
    switch (await requests.hold(connId, timeout, leaving(c)).finally(giveBack)) {
      case "ok":
        return c.json({ status: "ok" as const }, 200);
      case "killed":
        return c.json({ status: "killed" as const }, 500);
      case "shutting_down":
        throw new Problem("shutting_down", "The server is stopping; the request was not held to its end.", {
          retryAfter: 1,
        });
      case "gone":
        throw left(c, "The client left before its time was over.");
    }
  });

  app.openapi(serverStatus, (c) => {
    return c.json(heldView(requests.list()), 200, { "cache-control": "no-store" });
  });

  const { query } = killRequest.request;
  // Without its body, which is read whatever its Content-Type says.
  app.openapi({ ...killRequest, request: { query } }, async (c) => {
    const connId = readConnId(await readText(c.req.raw, { limit: maxBody, deadline: bodyDeadline }));
    c.set("object", String(connId));
    if (requests.kill(connId)) return c.json({ status: "ok" as const }, 200);
    // The words, and the space before the colon, are the document's.
    return c.json({ status: `invalid connection Id : ${connId}` }, 400);
  });
}

function tooLong(maxHold: number): Problem {
  const detail = `This server holds a request for at most ${maxHold} seconds.`;
  return new Problem("invalid_request", detail, { errors: [{ pointer: "query/timeout", detail }] });
}
