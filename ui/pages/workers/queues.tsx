import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client.ts";
import type { Queue, QueueList } from "../../api/schema.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { useReady } from "../../parts/together.ts";
import { freshness, onEvents } from "../../state/feed.ts";
import { bounds, may } from "../../state/session.ts";

export function Queues({ onReady }: { onReady: () => void }) {
  const queues = useQueues();
  useReady(queues !== null, onReady);
  const pause = (queue: Queue, paused: boolean) => {
    const { slots, max_queued } = queue;
    return call("PUT", `/api/queues/${encodeURIComponent(queue.name)}`, { json: { slots, max_queued, paused } });
  };
  return (
    <section class="card" aria-label="Queues">
      <h2>Queues</h2>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Table of queues">
        <table>
          <thead>
            <tr>
              <th>Name</th>
              <th class="number">Running</th>
              <th class="number">Queued</th>
              <th class="number">Slots</th>
              <th>
                <span class="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {queues?.map((queue) => (
              <tr key={queue.name}>
                <td>
                  <a href={`/?queue=${encodeURIComponent(queue.name)}`}>{queue.name}</a>
                  {queue.paused && " (paused)"}
                </td>
                <td class="number">{queue.running}</td>
                <td class="number">{queue.queued}</td>
                <td class="number">{queue.slots ?? "–"}</td>
                <td class="end">
                  {may("jobs:write") && !bounds() && (
                    <ActionButton
                      label={`${queue.paused ? "Resume" : "Pause"} queue ${queue.name}`}
                      icon={queue.paused ? "play" : "pause"}
                      small
                      onPress={() => pause(queue, !queue.paused)}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function useQueues(): readonly Queue[] | null {
  const [queues, setQueues] = useState<readonly Queue[] | null>(null);
  const version = freshness.value;
  useEffect(() => {
    const over = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      timer = undefined;
      const found = await call<QueueList>("GET", "/api/queues", { signal: over.signal }).catch(() => undefined);
      if (found && !over.signal.aborted) setQueues(found.data.queues);
    };
    read();
    const stop = onEvents((events) => {
      if (events.some(({ type }) => /^(job|queue)/.test(type))) timer ??= setTimeout(read, 500);
    });
    return () => {
      stop();
      clearTimeout(timer);
      over.abort();
    };
  }, [version]);
  return queues;
}
