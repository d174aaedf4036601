/** Whether a job that changed belongs into a list. */

import type { Filters } from "./filters.ts";
import type { Row } from "./row.ts";

/** Null where only the server can tell: what a job printed is not known here. */
export function matches(row: Row, filters: Filters): boolean | null {
  const { q, output, states, labels, queue, exitCode } = filters;
  if (states.length > 0 && !states.includes(row.state)) return false;
  if (queue && row.queue !== queue) return false;
  if (exitCode && String(row.exitCode) !== exitCode) return false;
  if (!labels.every((label) => hasLabel(row, label))) return false;
  if (q && !hasWords(row, q)) return false;
  return output ? null : true;
}

function hasLabel(row: Row, label: string): boolean {
  const colon = label.indexOf(":");
  return row.labels[label.slice(0, colon)] === label.slice(colon + 1);
}

function hasWords(row: Row, q: string): boolean {
  const labels = Object.entries(row.labels).map(([name, value]) => `${name}:${value}`);
  const text = [row.command, row.name ?? "", ...labels].join("\n").toLowerCase();
  return q.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
