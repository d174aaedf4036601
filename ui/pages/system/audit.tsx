import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import type { AuditEntry } from "../../api/schema.ts";
import { moment } from "../../logic/format.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { useReady } from "../../parts/together.ts";
import { freshness } from "../../state/feed.ts";
import { attempt } from "../../state/notices.ts";

const PAGE = 50;

/** Who did what, newest first. */
export function Audit({ onReady }: { onReady: () => void }) {
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null);
  const [complete, setComplete] = useState(true);
  const read = (before?: AuditEntry) =>
    attempt(async () => {
      const query = new URLSearchParams({ limit: String(PAGE), ...(before && { before: before.request_id }) });
      const { data } = await call<{ audit: AuditEntry[] }>("GET", "/api/audit", { query });
      setComplete(data.audit.length < PAGE);
      setEntries((known) => before ? [...known ?? [], ...data.audit] : data.audit);
    });
  useEffect(() => void read(), [freshness.value]);
  useReady(entries !== null, onReady);
  return (
    <section class="card" aria-label="Audit">
      <div class="card-head">
        <h2>Audit</h2>
        <span class="grow" />
        <ActionButton label="Read again" icon="again" small onPress={() => read()} />
      </div>
      {entries?.length === 0 && <p class="empty">Nobody has changed anything yet.</p>}
      <ul class="entries">
        {entries?.map((entry) => (
          <li key={entry.request_id}>
            <time dateTime={entry.time}>{moment(Date.parse(entry.time))}</time>
            <span>
              {entry.token ?? "nobody"} <small class="note">{entry.address}</small>
            </span>
            <code>{entry.action} {entry.object} → {entry.status}</code>
          </li>
        ))}
      </ul>
      {!complete && <ActionButton label="Earlier ones" onPress={() => read(entries?.at(-1))} />}
    </section>
  );
}
