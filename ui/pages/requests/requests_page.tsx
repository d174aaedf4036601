import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import type { ServerEvent } from "../../api/event_parser.ts";
import { duration } from "../../logic/format.ts";
import { type Held, heldAfter } from "../../logic/held.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { Bar } from "../../parts/bar.tsx";
import { now } from "../../state/clock.ts";
import { freshness, onEvents } from "../../state/feed.ts";
import { attempt } from "../../state/notices.ts";
import { may } from "../../state/session.ts";

/** Requests that are being held open, as they run out. */
export function RequestsPage() {
  const held = useHeld();
  const rows = [...held?.values() ?? []].sort((a, b) => a.until - b.until);
  return (
    <div class="page">
      <section class="card" aria-label="Held requests">
        <h1>
          Held requests <span class="note">{rows.length}</span>
        </h1>
        {held === null && <p class="empty" aria-busy="true">Reading the list…</p>}
        {held?.size === 0 && (
          <p class="empty">
            No request is being held. <code>GET /api/request?connId=1&timeout=60</code> holds one.
          </p>
        )}
        <ul class="held">
          {rows.map((request) => <HeldItem key={request.connId} request={request} />)}
        </ul>
      </section>
    </div>
  );
}

function HeldItem({ request: { connId, until, seconds } }: { request: Held }) {
  const left = Math.max(0, (until - now.value) / 1000);
  return (
    <li>
      <strong>{connId}</strong>
      <Bar share={seconds > 0 ? left / seconds : 0} label={`Time left of request ${connId}`} />
      <span class="number">{duration(Math.ceil(left))}</span>
      {may("requests:write") && (
        <ActionButton
          label={`Kill request ${connId}`}
          icon="stop"
          small
          kind="danger"
          onPress={() => call("PUT", "/api/kill", { json: { connId } })}
        />
      )}
    </li>
  );
}

/** Null until they are known. */
function useHeld(): ReadonlyMap<number, Held> | null {
  const [held, setHeld] = useState<ReadonlyMap<number, Held> | null>(null);
  const version = freshness.value;
  useEffect(() => {
    // What happens while the list is on its way may not be in it.
    let meanwhile: ServerEvent[] | null = [];
    const stop = onEvents((events) => {
      if (meanwhile) meanwhile.push(...events);
      setHeld((known) => known && heldAfter(known, events, Date.now()));
    });
    attempt(async () => {
      const { data } = await call<Record<string, string>>("GET", "/api/serverStatus");
      const all = { type: "requests", data: JSON.stringify(data) };
      const events = [all, ...meanwhile ?? []];
      setHeld((known) => heldAfter(known ?? new Map(), events, Date.now()));
      meanwhile = null;
    });
    return stop;
  }, [version]);
  return held;
}
