/** The changes of keys, as server-sent events. */

import { Problem } from "../lib/domain/errors.ts";
import type { KeyChange, Keys } from "../lib/services/keys/keys.ts";
import type { Version } from "../lib/services/ports/store.ts";
import { KEY_EVENT_ID, watchKeys } from "../openapi/key_events.ts";
import { callerIdOf } from "./caller.ts";
import type { App, RouteDeps } from "./deps.ts";
import { lastEventIdOf } from "./last_event_id.ts";
import { ending } from "./leaving.ts";
import { sseAnswer, type SseEvent } from "./sse.ts";
import { keyView } from "./views/key_view.ts";

export function keyEventRoutes(app: App, { keys, clock, stopping, shares }: RouteDeps): void {
  app.openapi(watchKeys, (c) => {
    const { prefix, after } = c.req.valid("query");
    const last = lastEventIdOf(c, KEY_EVENT_ID);
    const start = beginning(keys, last === undefined ? after : Number(last));
    return sseAnswer((signal) => events(keys, { prefix, after: start, signal }), {
      clock,
      stopping: ending(c, stopping),
      onEnd: shares.streams.take(callerIdOf(c)),
    });
  });
}

/**
 * Where to begin; default: now.
 * @throws {Problem} `changes_gone`, or `invalid_request` for a version that is yet to come.
 */
function beginning(keys: Keys, after: Version | undefined): Version {
  const { oldest, newest } = keys.kept();
  if (after === undefined) return newest;
  if (after > newest) {
    // Followed all the same, it would pass over what is written until that version is reached.
    throw new Problem("invalid_request", `There is no version ${after} yet; the last one is ${newest}.`);
  }
  if (after >= oldest) return after;
  throw new Problem(
    "changes_gone",
    `The changes after version ${after} are no longer kept. Read the keys, then follow from ${oldest} or later.`,
    { members: { oldest } },
  );
}

async function* events(
  keys: Keys,
  options: { prefix?: string; after: Version; signal: AbortSignal },
): AsyncGenerator<SseEvent> {
  // An id without data: the client has a place to come back to before anything has happened.
  yield { id: String(options.after) };
  try {
    for await (const change of keys.follow(options)) {
      yield change.key === undefined ? { id: String(change.version) } : eventOf(change);
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "changes_gone") throw error;
    yield { event: "gone", data: JSON.stringify(error.extras.members) };
  }
}

function eventOf({ key, version, value }: KeyChange): SseEvent {
  const data = value === null ? { key, version } : keyView({ value, version });
  return { id: String(version), event: value === null ? "delete" : "put", data: JSON.stringify(data) };
}
