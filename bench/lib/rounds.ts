/** Contenders that take turns, so that a noisy machine troubles all of them alike. */

/** Does its work for about `seconds` and gives how much of it was done in each. */
export type Contender = (seconds: number) => Promise<number>;

export interface Standing {
  name: string;
  /** Median over the rounds. */
  perSecond: number;
}

/**
 * Lets all contenders run in every round, each round in another order, after one that does not count.
 * `ratio(a, b)` is the median over the rounds of what `a` reached beside `b` in the same round.
 */
export async function compete(
  contenders: Record<string, Contender>,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<{ standings: Standing[]; ratio(name: string, beside: string): number }> {
  const names = Object.keys(contenders);
  const results = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    const turn = Math.max(0, round) % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const rate = await contenders[name]!(round < 0 ? Math.min(seconds, 0.5) : seconds);
      if (round >= 0) results.get(name)!.push(rate);
    }
  }
  return {
    standings: names.map((name) => ({ name, perSecond: median(results.get(name)!) })),
    ratio: (name, beside) => median(results.get(name)!.map((rate, round) => rate / results.get(beside)![round]!)),
  };
}

/** Calls `turn` over and over, `clients` at a time, for `seconds`. */
export async function repeat(turn: () => Promise<unknown>, clients: number, seconds: number): Promise<number> {
  const begin = performance.now();
  const until = begin + seconds * 1000;
  let count = 0;
  await Promise.all(Array.from({ length: clients }, async () => {
    while (performance.now() < until) {
      await turn();
      count++;
    }
  }));
  return count / (performance.now() - begin) * 1000;
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
