/** Reads Prometheus' text format, as far as this server writes it. */

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** Samples by the name of their metric. */
export type Figures = ReadonlyMap<string, Sample[]>;

export function parseMetrics(text: string): Figures {
  const figures = new Map<string, Sample[]>();
  for (const line of text.split("\n")) {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match) continue;
    const [, name, labelText = "", value] = match;
    const labels: Record<string, string> = {};
    for (const [, label, held] of labelText.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[label!] = held!;
    const samples = figures.get(name!) ?? [];
    samples.push({ labels, value: value === "+Inf" ? Infinity : Number(value) });
    figures.set(name!, samples);
  }
  return figures;
}

/** The sum over all labels that `wanted` accepts. */
export function total(
  figures: Figures,
  name: string,
  wanted: (labels: Sample["labels"]) => boolean = () => true,
): number {
  return (figures.get(name) ?? []).filter(({ labels }) => wanted(labels)).reduce((sum, { value }) => sum + value, 0);
}

/**
 * The value below which the share `q` of what was measured between two scrapes lies: the upper end of its bucket, within
 * which it is drawn straight. Null when nothing was measured.
 */
export function quantile(q: number, name: string, after: Figures, before?: Figures): number | null {
  const counts = new Map<number, number>();
  const add = (figures: Figures | undefined, sign: number) => {
    for (const { labels, value } of figures?.get(`${name}_bucket`) ?? []) {
      const bound = labels.le === "+Inf" ? Infinity : Number(labels.le);
      counts.set(bound, (counts.get(bound) ?? 0) + sign * value);
    }
  };
  add(after, 1);
  add(before, -1);
  const bounds = [...counts].sort(([a], [b]) => a - b);
  const all = bounds.at(-1)?.[1] ?? 0;
  if (all <= 0) return null;
  let [lowBound, lowCount] = [0, 0];
  for (const [bound, cumulative] of bounds) {
    if (cumulative >= q * all) {
      if (bound === Infinity) return lowBound;
      const share = cumulative === lowCount ? 1 : (q * all - lowCount) / (cumulative - lowCount);
      return lowBound + share * (bound - lowBound);
    }
    [lowBound, lowCount] = [bound, cumulative];
  }
  return lowBound;
}
