/**
 * The one stream of everything that changes, `/api/events`, shared by all pages. It goes on without a gap over a server's
 * restart; where it cannot (the server no longer keeps what was missed), pages are told to read their lists again.
 */

import { computed, signal } from "@preact/signals";
import { ApiError } from "../api/client.ts";
import type { ServerEvent } from "../api/event_parser.ts";
import { followEvents } from "../api/event_stream.ts";

export type Connection = "connecting" | "live" | "lost";

export const connection = signal<Connection>("connecting");
/** Rises whenever changes were missed, and at the first connection: a list that was read before it is worth nothing. */
export const epoch = signal(0);

/** Rises when the server is there again: what could not be read meanwhile is to be read now. */
const returns = signal(0);
/** Rises with both: for what is cheap to read again. */
export const freshness = computed(() => epoch.value + returns.value);

type Listener = (events: readonly ServerEvent[]) => void;

const listeners = new Set<Listener>();
let waiting: ServerEvent[] = [];
let stop: AbortController | undefined;
let lastId = "";

/** Calls `listener` with the events of about one frame at a time; the answer stops that. */
export function onEvents(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Begins to follow; a second call does nothing. */
export function startFeed(): void {
  if (stop) return;
  stop = new AbortController();
  follow(stop.signal);
}

export function stopFeed(): void {
  stop?.abort();
  stop = undefined;
  lastId = "";
  connection.value = "connecting";
}

async function follow(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let fresh = lastId === "";
    try {
      await followEvents({
        path: "/api/events",
        lastId,
        signal,
        onOpen() {
          if (connection.value === "lost") returns.value++;
          connection.value = "live";
        },
        onBroken: () => connection.value = "lost",
        onEvent: take,
        onPiece(id) {
          lastId = id;
          if (fresh) epoch.value++;
          fresh = false;
        },
      });
      return;
    } catch (error) {
      // Signed out, or away for longer than changes are kept: from now on, then.
      if (!(error instanceof ApiError) || error.status !== 410) return;
      lastId = "";
    }
  }
}

function take(event: ServerEvent): void {
  if (event.type === "changes_gone") lastId = "";
  if (waiting.push(event) === 1) soon(flush);
}

function flush(): void {
  const events = waiting;
  waiting = [];
  for (const listener of [...listeners]) listener(events);
}

/** With the next frame; a page that nobody sees has none. */
function soon(work: () => void): void {
  if (document.hidden) setTimeout(work, 100);
  else requestAnimationFrame(() => work());
}
