/** The lines of `stint top`. */

import { JOB_HEAD, jobRow, OPTIONAL, stateColour } from "../jobs/rows.ts";
import { table } from "../table.ts";
import type { Paint } from "../terminal/colour.ts";
import { plain } from "../terminal/plain.ts";
import { cut, pad } from "../terminal/width.ts";
import { indexOf, type TopState } from "./state.ts";

export interface Frame {
  columns: number;
  rows: number;
  paint: Paint;
  /** Milliseconds. */
  now: number;
  /** What stands at the top. */
  title: string;
  /** A line of figures. */
  figures: string;
}

/** Lines that are no jobs: title, figures, head, footer. */
const FIXED = 4;
const KEYS = "j/k: move  enter: output  p: pause, resume  x: end  a: ended ones too  q: quit";

/** How many jobs fit. */
export function rowsFor(rows: number): number {
  return Math.max(1, rows - FIXED);
}

/** The whole screen, line by line; each fits. */
export function topLines(state: TopState, { columns, rows, paint, now, title, figures }: Frame): string[] {
  const page = rowsFor(rows);
  const at = indexOf(state);
  const from = Math.max(0, Math.min(at - page + 1, state.jobs.length - page));
  const first = at < from ? Math.max(0, at) : from;
  const jobs = state.jobs.slice(first, first + page);
  const lines = table(JOB_HEAD, jobs.map((job) => jobRow(job, now)), {
    width: columns,
    optional: OPTIONAL,
    paint: (text, row, column) => {
      if (row < 0) return paint("dim", text);
      // The bar is one colour from end to end.
      const colour = row === at - first ? undefined : stateColour(jobs, row, column);
      return colour ? paint(colour, text) : text;
    },
  }).split("\n");
  const bar = at - first + 1;
  if (at >= 0 && lines[bar] !== undefined) lines[bar] = paint("reverse", pad(lines[bar], columns));
  const empty = Array<string>(Math.max(0, page - jobs.length)).fill("");
  return [
    paint("bold", cut(title, columns)),
    cut(plain(figures), columns),
    ...lines,
    ...empty,
    footer(state, columns, paint),
  ];
}

function footer({ asking, message, trouble }: TopState, columns: number, paint: Paint): string {
  if (asking !== undefined) return paint("bold", cut(`End job ${asking}? y: yes, any other key: no`, columns));
  if (trouble !== undefined) return paint("yellow", cut(plain(trouble), columns));
  return message === "" ? paint("dim", cut(KEYS, columns)) : cut(plain(message), columns);
}
