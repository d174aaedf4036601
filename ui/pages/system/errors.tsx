import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import type { ErrorEntry } from "../../api/schema.ts";
import { moment } from "../../logic/format.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { useReady } from "../../parts/together.ts";
import { freshness } from "../../state/feed.ts";
import { attempt } from "../../state/notices.ts";

/** What `error.log` holds, newest first. */
export function Errors({ onReady }: { onReady: () => void }) {
  const [errors, setErrors] = useState<readonly ErrorEntry[] | null>(null);
  const read = () =>
    attempt(async () => setErrors((await call<{ errors: ErrorEntry[] }>("GET", "/api/errors?limit=50")).data.errors));
  useEffect(() => void read(), [freshness.value]);
  useReady(errors !== null, onReady);
  return (
    <section class="card" aria-label="Errors">
      <div class="card-head">
        <h2>Errors</h2>
        <span class="grow" />
        <ActionButton label="Read again" icon="again" small onPress={read} />
      </div>
      {errors?.length === 0 && <p class="empty">error.log is empty.</p>}
      <ul class="entries">
        {errors?.map((entry, i) => (
          <li key={i}>
            <time dateTime={entry.time}>{moment(Date.parse(entry.time))}</time>
            <span>{entry.message}</span>
            <code>{factsText(entry)}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

function factsText({ facts, request_id }: ErrorEntry): string {
  const parts = Object.entries(facts).map(([name, value]) =>
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  return [...parts, request_id && `request=${request_id}`].filter(Boolean).join(" ").slice(0, 400);
}
