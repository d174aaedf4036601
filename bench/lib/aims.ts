/** What a benchmark is meant to reach. `bench/main.ts` gathers these lines into its summary. */

/** What a line begins with that tells of an aim. */
export const AIM = "aim:";

export type Bound = { atLeast: number } | { atMost: number };

/** Prints whether `value` is where it is meant to be. Figures never fail a run: machines differ, and have bad days. */
export function aim(what: string, value: number, bound: Bound, unit = ""): void {
  const met = "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;
  const wanted = "atLeast" in bound ? `at least ${bound.atLeast}` : `at most ${bound.atMost}`;
  const figure = value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
  console.log(
    `${AIM} ${met ? "met" : "missed"}: ${what}: ${figure}${unit && ` ${unit}`} (${wanted}${unit && ` ${unit}`})`,
  );
}
