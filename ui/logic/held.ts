/** Which requests are held, by the events that tell of them. */

import type { ServerEvent } from "../api/event_parser.ts";

export interface Held {
  connId: number;
  /** Milliseconds since the epoch, by this machine's clock. */
  until: number;
  /** How long it is held in all; of one that was held before somebody looked, how long from then on. */
  seconds: number;
}

export function heldAfter(
  before: ReadonlyMap<number, Held>,
  events: readonly ServerEvent[],
  now: number,
): ReadonlyMap<number, Held> {
  let held = before;
  for (const { type, data } of events) {
    if (type === "requests") held = ofAll(held, JSON.parse(data), now);
    if (type !== "request") continue;
    const { connId, state, timeout = 0 }: { connId: number; state: string; timeout?: number } = JSON.parse(data);
    const next = new Map(held);
    if (state === "held") next.set(connId, { connId, until: now + timeout * 1000, seconds: timeout });
    else next.delete(connId);
    held = next;
  }
  return held;
}

/** One that was known keeps its whole length; the end is what the server says, within the second that it rounds to. */
function ofAll(known: ReadonlyMap<number, Held>, left: Record<string, string>, now: number): Map<number, Held> {
  return new Map(
    Object.entries(left).map(([id, text]) => {
      const [connId, seconds] = [Number(id), Number(text)];
      const until = now + seconds * 1000;
      const old = known.get(connId);
      const same = old !== undefined && Math.abs(old.until - until) < 1500;
      return [connId, same ? old : { connId, until, seconds }];
    }),
  );
}
