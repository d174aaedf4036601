/** Columns for people. */

import { plain } from "./terminal/plain.ts";
import { cut, pad, widthOf } from "./terminal/width.ts";

export interface TableOptions {
  /** Columns of the terminal; what does not fit is cut. Default: as many as needed. */
  width?: number;
  /** Columns of the table that go first where it is narrow, by their places. */
  optional?: readonly number[];
  /** Colours a cell after it was padded. `row` counts from 0; the head is -1. */
  paint?: (text: string, row: number, column: number) => string;
}

const GAP = 2;
/** Room that the last column has to have before others go. */
const LEAST = 16;
/** What a long cell before the last column keeps at least where room is short, and what it keeps in any case. */
const FAIR = 12;
const BARE = 4;

/**
 * One line for the head and one for each row; columns as wide as what is in them, two spaces apart. Cells are made plain:
 * whatever is in them gives no orders to a terminal.
 */
export function table(
  head: string[],
  rows: string[][],
  { width = Infinity, optional = [], paint = (text) => text }: TableOptions = {},
): string {
  const all = [head, ...rows.map((row) => row.map(plain))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column]!))));
  const shown = fit(widths, width, optional);
  return all.map((row, i) => {
    return joined(shown.map((column, place) => {
      const text = cut(row[column]!, widths[column]!);
      const cell = place === shown.length - 1 ? text : pad(text, widths[column]!);
      return [cell, paint(cell, i - 1, column)] as const;
    }));
  }).join("\n");
}

/** Makes `widths` such as fit into `width`, and says which columns are shown. */
function fit(widths: number[], width: number, optional: readonly number[]): number[] {
  const last = widths.length - 1;
  let shown = widths.map((_, column) => column);
  const room = () => width - shown.filter((each) => each !== last).reduce((sum, each) => sum + widths[each]! + GAP, 0);
  if (room() >= widths[last]!) return shown;
  const wanted = Math.min(LEAST, widths[last]!);
  const shrink = (least: number) => {
    while (room() < wanted) {
      const widest = shown.filter((each) => each !== last).sort((a, b) => widths[b]! - widths[a]!)[0];
      if (widest === undefined || widths[widest]! <= least) return;
      widths[widest]!--;
    }
  };
  shrink(Math.max(FAIR, Math.floor(width / 4)));
  for (const column of optional) if (room() < wanted) shown = shown.filter((each) => each !== column);
  shrink(BARE);
  widths[last] = Math.max(1, Math.min(widths[last]!, room()));
  return shown;
}

/** Joins cells without the spaces that nobody sees; `cells`: as they are, and painted. */
function joined(cells: readonly (readonly [string, string])[]): string {
  let end = cells.length;
  while (end > 0 && cells[end - 1]![0].trim() === "") end--;
  return cells.slice(0, end).map(([cell, painted], i) => i === end - 1 && cell === painted ? cell.trimEnd() : painted)
    .join(" ".repeat(GAP));
}
