import type uPlot from "uplot";
import { figure, latency } from "../logic/format.ts";
import type { SystemPoint } from "../logic/system_figures.ts";
import { Plot } from "./plot.tsx";

export function SystemCharts({ points }: { points: readonly SystemPoint[] }) {
  const data = (...names: (keyof SystemPoint)[]): uPlot.AlignedData =>
    [points.map(({ at }) => at), ...names.map((name) => points.map((point) => point[name]))] as uPlot.AlignedData;
  const perSecond = (value: number) => `${figure(value)}/s`;
  return (
    <div class="system-charts-place">
      <Plot
        label="Jobs"
        data={data("jobsStarted", "jobsEnded")}
        series={[{ label: "started", colour: "chart-1" }, { label: "ended", colour: "chart-2" }]}
        format={perSecond}
      />
      <Plot
        label="Queue and slots"
        data={data("queued", "slotsUsed")}
        series={[{ label: "queued", colour: "chart-3" }, { label: "running", colour: "chart-1" }]}
        format={figure}
        least={4}
      />
      <Plot
        label="Requests"
        data={data("requests", "commits")}
        series={[{ label: "answered", colour: "chart-1" }, { label: "commits", colour: "chart-2" }]}
        format={perSecond}
      />
      <Plot
        label="Answer time"
        data={data("requestMedian", "requestSlow", "commitSlow")}
        series={[{ label: "median", colour: "chart-1" }, { label: "99 %", colour: "chart-3" }, {
          label: "commit",
          colour: "chart-2",
        }]}
        format={latency}
        least={0.002}
      />
    </div>
  );
}
