import type { JobQuery } from "../../services/ports/store.ts";
import type { Bounds } from "./job_order.ts";
import type { Statements } from "./statements.ts";

/**
 * Ids between which all jobs created from `since` until `until` lie. Others may lie there too: a clock that was set back
 * leaves times that do not rise with the ids, by as much as the counter says.
 */
export function idBounds(statements: Statements, { since, until }: JobQuery): Bounds {
  const from = since === undefined ? undefined : statements.get(
    "SELECT id FROM jobs WHERE created_max >= ? ORDER BY created_max, id LIMIT 1",
  ).get(since);
  const to = until === undefined ? undefined : statements.get(`
    SELECT id FROM jobs
    WHERE created_max < ? + coalesce((SELECT n FROM counters WHERE name = 'clock_setback'), 0)
    ORDER BY created_max DESC, id DESC LIMIT 1`).get(until);
  const newest = statements.get("SELECT coalesce(max(id), 0) AS id FROM jobs").get() as { id: number };
  return {
    from: since === undefined ? 0 : idOf(from) ?? newest.id + 1,
    to: until === undefined ? newest.id : idOf(to) ?? -1,
  };
}

function idOf(row: unknown): number | undefined {
  return (row as { id: number } | undefined)?.id;
}
