import { lazy } from "../../parts/lazy.tsx";
import { useReady, useTogether } from "../../parts/together.ts";
import { Audit } from "./audit.tsx";
import { Errors } from "./errors.tsx";
import { Tiles } from "./tiles.tsx";
import { useFigures } from "./use_figures.ts";

const SystemCharts = lazy(
  async () => (await import("../../charts/system_charts.tsx")).SystemCharts,
  "system-charts-place",
);

/** How the service itself is. */
export function SystemPage() {
  const { figures, points, failure } = useFigures();
  const { waiting, ready } = useTogether(3);
  useReady(figures !== null, ready);
  return (
    <div class={waiting ? "page waiting" : "page"} aria-busy={waiting}>
      <h1 class="unseen">System</h1>
      {failure && <p class="failure" role="alert">{failure}</p>}
      <Tiles figures={figures} latest={points.at(-1)} />
      <SystemCharts points={points} />
      <div class="columns">
        <Errors onReady={ready} />
        <Audit onReady={ready} />
      </div>
    </div>
  );
}
