import { useEffect, useState } from "preact/hooks";
import type uPlot from "uplot";
import { call } from "../api/client.ts";
import type { Job } from "../api/schema.ts";
import { bytes } from "../logic/format.ts";
import { usagePoints, type UsageSample } from "../logic/usage.ts";
import { Plot } from "./plot.tsx";

/** Between two looks; the server itself looks no oftener than this. */
const LOOK_MS = 2000;
const MOST = 900;

/** What a job takes while it is watched: the server knows how much it took so far, and each look adds a point. */
export function UsageCharts({ job }: { job: Job }) {
  const [samples, setSamples] = useState<readonly UsageSample[]>(() => first(job));
  const watched = job.state === "running";
  useEffect(() => {
    if (!watched) return;
    const over = new AbortController();
    const timer = setInterval(async () => {
      if (document.hidden) return;
      const found = await call<Job>("GET", `/api/jobs/${job.job_id}`, { signal: over.signal }).catch(() => undefined);
      if (found && !over.signal.aborted) setSamples((known) => [...known.slice(-MOST), sampleOf(found.data)]);
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      over.abort();
    };
  }, [watched, job.job_id]);
  const points = usagePoints(samples);
  return (
    <div class="charts-place">
      <Plot
        label="Processor"
        data={[points.times, points.cpu] as uPlot.AlignedData}
        series={[{ label: "now", colour: "chart-1" }]}
        format={(value) => `${Math.round(value)} %`}
        least={100}
      />
      <Plot
        label="Memory"
        data={[points.times, points.memory] as uPlot.AlignedData}
        series={[{ label: "now", colour: "chart-2" }]}
        format={bytes}
        least={1e6}
      />
    </div>
  );
}

function first(job: Job): UsageSample[] {
  return job.started === null ? [] : [{ at: Date.parse(job.started), cpu: 0, memory: null }, sampleOf(job)];
}

function sampleOf(job: Job): UsageSample {
  const at = job.ended === null ? Date.now() : Date.parse(job.ended);
  return { at, cpu: job.resources.cpu_seconds, memory: job.resources.memory_bytes };
}
