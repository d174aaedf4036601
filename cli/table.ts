/** Columns for people. */

import { cut, pad, widthOf } from "./terminal/width.ts";

export interface TableOptions {
  /** Columns that there are; the last column is cut to fit. Default: as many as needed. */
  width?: number;
  /** Colours a cell after it was padded. `row` counts from 0; the head is -1. */
  paint?: (text: string, row: number, column: number) => string;
}

/** One line for the head and one for each row; columns as wide as what is in them, two spaces apart. */
export function table(
  head: string[],
  rows: string[][],
  { width = Infinity, paint = (text) => text }: TableOptions = {},
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column]!))));
  const last = head.length - 1;
  const before = widths.slice(0, last).reduce((sum, each) => sum + each + 2, 0);
  const room = Math.max(8, width - before);
  return all.map((row, i) => {
    const cells = row.map((text, column) => column === last ? cut(text, room) : pad(text, widths[column]!));
    return trimEnd(cells.map((cell, column) => [cell, paint(cell, i - 1, column)] as const));
  }).join("\n");
}

/** Joins cells without the spaces that nobody sees; `cells`: as they are, and painted. */
function trimEnd(cells: readonly (readonly [string, string])[]): string {
  let end = cells.length;
  while (end > 0 && cells[end - 1]![0].trim() === "") end--;
  return cells.slice(0, end).map(([cell, painted], i) => i === end - 1 && cell === painted ? cell.trimEnd() : painted)
    .join("  ");
}
