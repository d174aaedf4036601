/** A small chart over time. */

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { onTheme } from "../state/theme.ts";

export interface Series {
  label: string;
  /** Name of a colour of the style sheet, without the dashes. */
  colour: string;
}

interface Props {
  label: string;
  /** Seconds since the epoch, and a row of values for each series. */
  data: uPlot.AlignedData;
  series: readonly Series[];
  format: (value: number) => string;
  /** The least upper end of the scale. */
  least?: number;
  height?: number;
}

export function Plot({ label, data, series, format, least = 1, height = 110 }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    const element = place.current!;
    const stop = onTheme(() => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(element, { series, format, least, height }),
        latest.current,
        element,
      );
    });
    const size = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    size.observe(element);
    return () => {
      stop();
      size.disconnect();
      plot.current?.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(data), [data]);
  const last = series.map(({ label }, i) => {
    const value = data[i + 1]?.at(-1);
    return `${label} ${value === null || value === undefined ? "–" : format(value)}`;
  });
  return (
    <figure class="plot">
      <figcaption>
        {label}
        <span>{last.join(", ")}</span>
      </figcaption>
      <div ref={place} role="img" aria-label={`${label}: ${last.join(", ")}`} style={{ height: `${height}px` }} />
    </figure>
  );
}

type Look = Required<Pick<Props, "series" | "format" | "least" | "height">>;

function optionsOf(element: HTMLElement, { series, format, least, height }: Look): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour("faint"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
    font: "11px system-ui",
  };
  return {
    width: element.clientWidth || 300,
    height,
    cursor: { show: false },
    legend: { show: false },
    padding: [6, 24, 0, 0],
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(least, (high ?? 0) * 1.1)] } },
    axes: [
      { ...axis, size: 22, space: 70, values: (_plot, ticks) => ticks.map(clockTime) },
      { ...axis, size: 58, space: 30, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...series.map(({ colour: name }) => ({
        stroke: colour(name),
        fill: `${colour(name)}22`,
        width: 1.5,
        points: { show: false },
      })),
    ],
  };
}

/** Nothing where there is no point yet, and the scale begins with 1970. */
function clockTime(seconds: number): string {
  if (seconds < 1e6) return "";
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}
