import { bytes, count, figure, latency } from "../../logic/format.ts";
import { type Figures, total } from "../../logic/metrics_text.ts";
import type { SystemPoint } from "../../logic/system_figures.ts";

/** The figures of now. */
export function Tiles({ figures, latest }: { figures: Figures | null; latest: SystemPoint | undefined }) {
  const of = (name: string, state?: string) =>
    figures ? total(figures, name, (labels) => state === undefined || labels.state === state) : null;
  const free = of("stint_disk_free_bytes");
  const size = of("stint_disk_size_bytes");
  const tiles: [string, string, string?][] = [
    ["Slots in use", shown(of("stint_slots_used"), count), `of ${shown(of("stint_slots_limit"), count)}`],
    ["Queue", shown(of("stint_queue_length"), count), "jobs waiting"],
    ["Running", shown(of("stint_jobs", "running"), count), `${shown(of("stint_jobs", "paused"), count)} paused`],
    ["History", shown(of("stint_jobs"), count), `jobs, ${shown(of("stint_history_bytes"), bytes)}`],
    ["Failed", shown(of("stint_jobs", "failed"), count), "in the history"],
    ["Throughput", shown(latest?.jobsEnded ?? null, figure), "jobs a second"],
    ["Requests", shown(latest?.requests ?? null, figure), "a second"],
    [
      "Answer time",
      shown(latest?.requestMedian ?? null, latency),
      `99 %: ${shown(latest?.requestSlow ?? null, latency)}`,
    ],
    ["Held requests", shown(of("stint_held_requests"), count), ""],
    ["Keys", shown(of("stint_keys"), count), ""],
    ["Disk free", shown(free, bytes), size ? `of ${bytes(size)}` : ""],
  ];
  return (
    <dl class="tiles">
      {tiles.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            <small>{more}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function shown(value: number | null, format: (value: number) => string): string {
  return value === null || Number.isNaN(value) ? "–" : format(value);
}
