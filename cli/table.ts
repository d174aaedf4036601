/** Columns for people. */

import { cut, pad, widthOf } from "./terminal/width.ts";

export interface TableOptions {
  /** Columns of the terminal; the last column of the table is cut to fit. Default: as many as needed. */
  width?: number;
  /** Columns of the table that go first where it is narrow, by their places. */
  optional?: readonly number[];
  /** Colours a cell after it was padded. `row` counts from 0; the head is -1. */
  paint?: (text: string, row: number, column: number) => string;
}

const GAP = 2;
/** Room that the last column has to have before others go. */
const LEAST = 16;

/** One line for the head and one for each row; columns as wide as what is in them, two spaces apart. */
export function table(
  head: string[],
  rows: string[][],
  { width = Infinity, optional = [], paint = (text) => text }: TableOptions = {},
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column]!))));
  const last = head.length - 1;
  let shown = head.map((_, column) => column);
  const room = () => width - shown.filter((each) => each !== last).reduce((sum, each) => sum + widths[each]! + GAP, 0);
  for (const column of optional) {
    if (room() < LEAST) shown = shown.filter((each) => each !== column);
  }
  const left = Math.max(1, room());
  return all.map((row, i) => {
    return joined(shown.map((column) => {
      const cell = column === last ? cut(row[column]!, left) : pad(row[column]!, widths[column]!);
      return [cell, paint(cell, i - 1, column)] as const;
    }));
  }).join("\n");
}

/** Joins cells without the spaces that nobody sees; `cells`: as they are, and painted. */
function joined(cells: readonly (readonly [string, string])[]): string {
  let end = cells.length;
  while (end > 0 && cells[end - 1]![0].trim() === "") end--;
  return cells.slice(0, end).map(([cell, painted], i) => i === end - 1 && cell === painted ? cell.trimEnd() : painted)
    .join(" ".repeat(GAP));
}
