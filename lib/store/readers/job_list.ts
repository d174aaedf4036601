/**
 * Pages of jobs out of a history of any length.
 *
 * Where one of the conditions is met by few jobs, those are looked up, filtered and sorted. Where all are met by many,
 * the history is walked in the order asked for, in windows that keep the event loop free, until the page is full. Pages
 * continue after the last job's place, never at a number of jobs, so that inserts move nothing.
 */

import type { DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers";
import type { Job } from "../../domain/job.ts";
import type { JobQuery, Versioned } from "../../services/ports/store.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { all } from "./docs.ts";
import { type Condition, conditionsOf, type Source } from "./job_filter.ts";
import { type Bounds, type Order, orderOf, type Place, type Sortable } from "./job_order.ts";
import { JobWalk } from "./job_walk.ts";
import { withShortWords } from "./short_words.ts";
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
    const conditions = withShortWords(this.#statements, conditionsOf(query));
    if (!conditions) return { items: [] };
    const bounds = idBounds(this.#statements, query);
    const places = await this.#few(conditions, order, after, bounds) ??
      await this.#walk.run(conditions, order, after, bounds, limit + 1);
    const shown = places.slice(0, limit);
    const last = places.length > limit ? shown.at(-1) : undefined;
    return {
      items: this.#load(shown),
      ...(last && { next: writeCursor(identity, [last.part, last.key, last.id]) }),
    };
  }

  /** All there is after a place, by way of the first condition that only few jobs meet; undefined when there is none. */
  async #few(
    conditions: Condition[],
    order: Order,
    after: Place | undefined,
    bounds: Bounds,
  ): Promise<Place[] | undefined> {
    const byId = order.parts[0]!.key === "j.id";
    const within = byId && after ? order.narrow(bounds, after) : bounds;
    for (const condition of conditions) {
      const { source } = condition;
      const ids = source && !(byId && source.dear) && this.#candidates(source, within);
      if (!ids) continue;
      const places: Place[] = [];
      for await (const job of this.#filtered(ids, conditions.filter((other) => other !== condition))) {
        const place = order.place(job);
        if (!after || order.compare(place, after) > 0) places.push(place);
      }
      return places.sort((a, b) => order.compare(a, b));
    }
    return undefined;
  }

  /** Those of the candidates that meet the conditions; few at a time, where these may take long. */
  async *#filtered(ids: number[], conditions: Condition[]): AsyncGenerator<Sortable> {
    const statement = this.#statements.get(`
      SELECT j.id, j.duration, j.ended FROM jobs AS j
      WHERE j.id IN (SELECT value FROM json_each(?))${conditions.map(({ sql }) => ` AND ${sql}`).join("")}`);
    const params = conditions.flatMap(({ params }) => params);
    const step = conditions.some(({ slow }) => slow) ? 32 : FEW;
    for (let i = 0; i < ids.length; i += step) {
      if (i > 0) await new Promise<void>((resolve) => setImmediate(resolve));
      yield* statement.all(JSON.stringify(ids.slice(i, i + step)), ...params) as unknown as Sortable[];
    }
  }

  /** The jobs that a source names; undefined when there are many. */
  #candidates(source: Source, bounds: Bounds): number[] | undefined {
    const rows = this.#statements.get(`${source.sql} LIMIT ${FEW + 1}`).all(...source.params, bounds.from, bounds.to);
    return rows.length > FEW ? undefined : (rows as { id: number }[]).map(({ id }) => id);
  }

  #load(places: Place[]): Versioned<Job>[] {
    const ids = JSON.stringify(places.map(({ id }) => id));
    return all<Job>(
      "job",
      this.#statements.get(`
        SELECT j.id, j.version, d.doc, d.sum FROM json_each(?) AS e
        CROSS JOIN jobs AS j ON j.id = e.value CROSS JOIN job_docs AS d ON d.id = j.id ORDER BY e.key`).all(ids),
    );
  }
}

function placeOf(position: (string | number)[]): Place {
  const [part, key, id] = position as [number, number, number];
  return { part, key, id };
}
