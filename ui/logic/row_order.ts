/** The orders of lists, as the server has them: those that have a figure to go by first, then the others by their ids. */

import type { Sort } from "./filters.ts";
import type { Row } from "./row.ts";

/** What the order goes by: its part, the figure within it, and the id where two have the same. */
type Place = readonly [part: number, key: number, id: number];

/** Negative where `a` comes before `b`; 0 only for the same place of the same job. */
export function compareRows(a: Row, b: Row, sort: Sort): number {
  const [first, second] = [placeOf(a, sort), placeOf(b, sort)];
  if (first[0] !== second[0]) return first[0] - second[0];
  const rising = first[1] - second[1] || first[2] - second[2];
  return sort.startsWith("-") ? -rising : rising;
}

function placeOf({ id, duration, ended }: Row, sort: Sort): Place {
  const key = sort === "-duration" ? duration : sort === "-ended" ? ended : id;
  return key === null ? [1, id, id] : [0, key, id];
}
