import { call } from "../../api/client.ts";
import type { Worker } from "../../api/schema.ts";
import { bytes, duration } from "../../logic/format.ts";
import { secondsLeft } from "../../logic/transfer.ts";
import { ActionButton } from "../../parts/action_button.tsx";
import { Bar } from "../../parts/bar.tsx";
import { StateMark } from "../../parts/state_mark.tsx";
import { useReady } from "../../parts/together.ts";
import { now } from "../../state/clock.ts";
import { may } from "../../state/session.ts";
import { SlotMeter } from "./slot_meter.tsx";
import { useWorkers } from "./use_workers.ts";

export function WorkerTable({ onReady }: { onReady: () => void }) {
  const list = useWorkers();
  useReady(list !== null, onReady);
  return (
    <section class="card" aria-label="Workers">
      <h2>Slots</h2>
      <SlotMeter slots={list?.slots} />
      {list && list.workers.length === 0 && <p class="empty">No worker is reserved or at work.</p>}
      <ul class="workers">
        {list?.workers.map((worker) => <WorkerItem key={worker["worker-id"]} worker={worker} />)}
      </ul>
    </section>
  );
}

function WorkerItem({ worker }: { worker: Worker }) {
  const id = worker["worker-id"];
  const ask = (wish: string) => call("POST", `/modify/${id}/${wish}`);
  const running = worker.status === "running";
  return (
    <li>
      <div class="worker-head">
        <StateMark state={worker.status} />
        <strong>{worker.kind ?? "reserved"}</strong>
        {worker.job_id !== null
          ? <a href={`/-/jobs/${worker.job_id}`}>job {worker.job_id}</a>
          : <span>{worker.file}</span>}
        <code class="note">{id.slice(0, 8)}…</code>
        <span class="grow" />
        {may("workers:write") && (
          <>
            {running && <ActionButton label="Pause" icon="pause" small onPress={() => ask("paused")} />}
            {worker.status === "paused" && (
              <ActionButton
                label="Resume"
                icon="play"
                small
                onPress={() => ask("running")}
              />
            )}
            <ActionButton label="Terminate" icon="stop" small kind="danger" onPress={() => ask("terminated")} />
          </>
        )}
      </div>
      {worker.kind === null ? <Expiry worker={worker} /> : (
        <>
          <Bar
            share={worker.progress}
            kind={worker.status === "paused" ? "paused" : "running"}
            label={`Progress of ${worker.file ?? id}`}
          />
          <p class="note">{progressText(worker)}</p>
        </>
      )}
    </li>
  );
}

function Expiry({ worker }: { worker: Worker }) {
  const left = worker.expires ? Math.max(0, (Date.parse(worker.expires) - now.value) / 1000) : 0;
  return <p class="note">expires in {duration(left)} unless it is used</p>;
}

function progressText({ bytes: done, total, rate, status }: Worker): string {
  const parts = [total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`];
  if (status === "running" && rate) parts.push(`${bytes(rate)}/s`);
  const left = status === "running" ? secondsLeft(done, total, rate) : null;
  if (left !== null) parts.push(`${duration(left)} left`);
  return parts.join(" · ");
}
