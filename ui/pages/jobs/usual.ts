/** How long a command usually takes, by those of its runs that are at hand: all that can be said of a job's progress. */

import type { Row } from "../../logic/row.ts";

/** As many of the newest rows as are looked at, and runs of each command that count. */
const [ROWS, RUNS] = [2000, 5];

/** Seconds by command: the median of its last runs that went well. */
export function usualSeconds(rows: readonly Row[]): Map<string, number> {
  const runs = new Map<string, number[]>();
  for (let i = 0; i < Math.min(rows.length, ROWS); i++) {
    const { command, state, duration } = rows[i]!;
    if (state !== "succeeded" || duration === null) continue;
    const known = runs.get(command);
    if (!known) runs.set(command, [duration]);
    else if (known.length < RUNS) known.push(duration);
  }
  return new Map([...runs].map(([command, times]) => [command, times.sort((a, b) => a - b)[times.length >> 1]!]));
}
