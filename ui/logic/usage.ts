/** From what a job took so far to what it takes now. */

export interface UsageSample {
  /** Milliseconds since the epoch. */
  at: number;
  /** Seconds of processor time so far; null: not known. */
  cpu: number | null;
  /** Bytes. */
  memory: number | null;
}

export interface UsagePoints {
  /** Seconds since the epoch. */
  times: number[];
  /** Per cent of one processor since the point before; null where that is not known. */
  cpu: (number | null)[];
  memory: (number | null)[];
}

/** Two looks between which the server has not looked itself say nothing new and are one point. */
export function usagePoints(samples: readonly UsageSample[]): UsagePoints {
  const points: UsagePoints = { times: [], cpu: [], memory: [] };
  let before: UsageSample | undefined;
  for (const sample of samples) {
    if (
      before &&
      (sample.at <= before.at || (sample.cpu !== null && sample.cpu === before.cpu && sample.at - before.at < 1000))
    ) {
      continue;
    }
    points.times.push(sample.at / 1000);
    points.memory.push(sample.memory);
    const known = before !== undefined && before.cpu !== null && sample.cpu !== null;
    points.cpu.push(known ? Math.max(0, (sample.cpu! - before!.cpu!) / (sample.at - before!.at) * 1e5) : null);
    before = sample;
  }
  return points;
}
