/**
 * Pages of jobs out of a history of any length.
 *
 * Where one of the conditions is met by few jobs, those are looked up, filtered and sorted. Where all are met by many,
 * the history is walked in the order asked for, in windows that keep the event loop free, until the page is full. Pages
 * continue after the last job's place, never at a number of jobs, so that inserts move nothing.
 */

import type { DatabaseSync } from "node:sqlite";
import type { Job } from "../../domain/job.ts";
import type { JobQuery, Versioned } from "../../services/ports/store.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { all } from "./docs.ts";
import { type Condition, conditionsOf, type Source } from "./job_filter.ts";
import { type Bounds, type Order, orderOf, type Place } from "./job_order.ts";
import { JobWalk } from "./job_walk.ts";
import { Statements } from "./statements.ts";
import { idBounds } from "./time_bounds.ts";

/** Up to so many candidates are taken as few. */
const FEW = 2000;

export class JobList {
  readonly #statements: Statements;
  readonly #walk: JobWalk;

  constructor(db: DatabaseSync) {
    this.#statements = new Statements(db);
    this.#walk = new JobWalk(this.#statements);
  }

  async page(query: JobQuery): Promise<{ items: Versioned<Job>[]; next?: string }> {
    const { limit, cursor, ...identity } = query;
    const order = orderOf(query.sort);
    const after = cursor === undefined
      ? undefined
      : placeOf(readCursor(identity, cursor, "number", "number", "number"));
    const conditions = conditionsOf(query);
    const bounds = idBounds(this.#statements, query);
    const places = this.#few(conditions, order, after, bounds, limit + 1) ??
      await this.#walk.run(conditions, order, after, bounds, limit + 1);
    const shown = places.slice(0, limit);
    const last = places.length > limit ? shown.at(-1) : undefined;
    return {
      items: this.#load(shown),
      ...(last && { next: writeCursor(identity, [last.part, last.key, last.id]) }),
    };
  }

  /** The page by way of the first condition that only few jobs meet; undefined when there is none. */
  #few(
    conditions: Condition[],
    order: Order,
    after: Place | undefined,
    bounds: Bounds,
    count: number,
  ): Place[] | undefined {
    const within = order.parts[0]!.key === "j.id" && after ? order.narrow(bounds, after) : bounds;
    for (const condition of conditions) {
      const ids = condition.source && this.#candidates(condition.source, within);
      if (!ids) continue;
      const rest = conditions.filter((other) => other !== condition);
      const found: Place[] = [];
      for (const [part, { key, where, direction }] of order.parts.entries()) {
        if (found.length === count || (after && part < after.part)) continue;
        const start = after?.part === part ? order.after(part, after) : { sql: "1", params: [] };
        const sql = `SELECT j.id, ${key} AS key FROM jobs AS j
          WHERE j.id IN (SELECT value FROM json_each(?)) AND ${where} AND ${start.sql}
          ${rest.map(({ sql }) => `AND ${sql}`).join(" ")}
          ORDER BY ${key} ${direction}, j.id ${direction} LIMIT ?`;
        const params = [ids, ...start.params, ...rest.flatMap(({ params }) => params), count - found.length];
        const rows = this.#statements.get(sql).all(...params) as { id: number; key: number }[];
        found.push(...rows.map((row) => ({ part, ...row })));
      }
      return found;
    }
    return undefined;
  }

  /** As a JSON array; undefined when there are many. */
  #candidates(source: Source, bounds: Bounds): string | undefined {
    const rows = this.#statements.get(`${source.sql} LIMIT ${FEW + 1}`).all(...source.params, bounds.from, bounds.to);
    return rows.length > FEW ? undefined : JSON.stringify((rows as { id: number }[]).map(({ id }) => id));
  }

  #load(places: Place[]): Versioned<Job>[] {
    const ids = JSON.stringify(places.map(({ id }) => id));
    return all<Job>(
      this.#statements.get(`
        SELECT j.version, d.doc FROM json_each(?) AS e
        CROSS JOIN jobs AS j ON j.id = e.value CROSS JOIN job_docs AS d ON d.id = j.id ORDER BY e.key`).all(ids),
    );
  }
}

function placeOf(position: (string | number)[]): Place {
  const [part, key, id] = position as [number, number, number];
  return { part, key, id };
}
