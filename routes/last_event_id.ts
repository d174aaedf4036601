/** Where a client of server-sent events goes on. */

import type { Context } from "hono";
import { Problem } from "../lib/domain/errors.ts";
import type { Env } from "./env.ts";

/**
 * The id that the client saw last: of the header, which a browser sends when it comes back by itself, else of the query.
 * @throws {Problem} `invalid_request` for one that is none of the stream's.
 */
export function lastEventIdOf(c: Context<Env>, pattern: RegExp): string | undefined {
  const field = c.req.header("last-event-id");
  // Empty: nothing with an id was seen yet.
  const [id, pointer] = field ? [field, "header/last-event-id"] : [c.req.query("last_event_id"), "query/last_event_id"];
  if (id === undefined || pattern.test(id)) return id;
  throw new Problem("invalid_request", "Last-Event-ID is not the id of an event of this stream.", {
    errors: [{ pointer, detail: "Send the id of an event of this stream, or none to begin anew" }],
  });
}
