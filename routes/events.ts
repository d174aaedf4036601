/** Everything that changes, as server-sent events. */

import type { Context } from "hono";
import { setImmediate } from "node:timers/promises";
import { Problem } from "../lib/domain/errors.ts";
import { covers } from "../lib/domain/scope.ts";
import { isWithin, type TokenBounds } from "../lib/domain/token_bounds.ts";
import { ChangeHub, type ChangeView, type EntryFacts } from "../lib/services/events/change_hub.ts";
import type { Kind, Version } from "../lib/services/ports/store.ts";
import { CHANGE_ID, EVENT_TYPES, type EventType, watchEvents } from "../openapi/events.ts";
import { callerIdOf } from "./caller.ts";
import type { App, RouteDeps } from "./deps.ts";
import type { Env } from "./env.ts";
import { boundsOf } from "./job_access.ts";
import { lastEventIdOf } from "./last_event_id.ts";
import { ending } from "./leaving.ts";
import { lackingScope } from "./middleware/scope.ts";
import { sseAnswer, sseBytes, type SseItem } from "./sse.ts";
import { changeEvent, heldView, holdEvent } from "./views/change_view.ts";

const KINDS = { job: "jobs", worker: "workers", key: "keys", file: "files", queue: "jobs", upload: "workers" } as const;

export function eventRoutes(app: App, { changes, requests, clock, stopping, shares }: RouteDeps): void {
  const hub = new ChangeHub(changes, {
    change: (entry) => sseBytes(changeEvent(entry)),
    hold: (change) => sseBytes(holdEvent(change)),
    holds: () => sseBytes({ event: "requests", data: JSON.stringify(heldView(requests.list())) }),
  }, () => setImmediate());
  requests.onChange((change) => hub.held(change));

  app.openapi(watchEvents, async (c) => {
    const { types, job } = c.req.valid("query");
    const asked = lastEventIdOf(c, CHANGE_ID);
    const after = asked === undefined ? changes.version() : Number(asked);
    await refuseGone(changes, after);
    const wanted = new Set<EventType>(types ?? (job === undefined ? EVENT_TYPES.filter(visible(c)) : ["jobs"]));
    for (const type of wanted) if (!visible(c)(type)) throw lackingScope(c, `${type}:read`);
    let place = after;
    const bounds = boundsOf(c);
    // Of one job only: then no queues either.
    const isOf = (kind: Kind, id: unknown) =>
      job === undefined || (kind === "job" ? id === job : KINDS[kind] !== "jobs");
    const view: Omit<ChangeView, "signal"> = {
      after,
      wants: (entry) => wanted.has(KINDS[entry.kind]) && isOf(entry.kind, entry.id) && isSeen(bounds, entry),
      holds: wanted.has("requests"),
      onPlace: (version) => place = version,
    };
    return sseAnswer((signal) => events({ ...view, signal }), {
      clock,
      stopping: ending(c, stopping),
      alive: () => ({ id: String(place) }),
      onEnd: shares.streams.take(callerIdOf(c)),
    });
  });

  async function* events(view: ChangeView): AsyncGenerator<SseItem> {
    yield { id: String(view.after) };
    try {
      yield* hub.view(view);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { code, message, extras } = error;
      yield { event: code, data: JSON.stringify({ ...extras.members, detail: message }) };
    }
  }
}

/**
 * Whether somebody with these bounds may hear of it. Of what was removed nobody can say any more whether they might, nor,
 * at once, of a worker whose job it was.
 */
function isSeen(bounds: TokenBounds | undefined, { kind, id, job, worksFor }: EntryFacts): boolean {
  if (!bounds?.queues && !bounds?.labels) return true;
  if (kind === "job") return job !== undefined && isWithin(bounds, job.queue, job.labels);
  if (kind === "queue") return bounds.labels === undefined && bounds.queues!.includes(String(id));
  return worksFor === undefined;
}

/** What the token may read. */
function visible(c: Context<Env>): (type: EventType) => boolean {
  return (type) => covers(c.get("auth")?.scopes ?? [], `${type}:read`);
}

/** @throws {Problem} `changes_gone` when what came after that version is no longer kept, or has not been yet. */
async function refuseGone(changes: RouteDeps["changes"], after: Version): Promise<void> {
  const version = changes.version();
  if (after > version) {
    throw new Problem(
      "changes_gone",
      `There is no version ${after} here: the last one is ${version}. Read the lists, then watch from now on.`,
      { members: { oldest: version } },
    );
  }
  if (after === version) return;
  const over = new AbortController();
  // The first of them is there, so this does not wait.
  for await (const _entry of changes.follow({ after, signal: over.signal })) break;
}
