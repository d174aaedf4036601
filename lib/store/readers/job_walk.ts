/** Walks the history in the order asked for, window by window, and lets the event loop go on in between. */

import { setImmediate } from "node:timers";
import type { Condition, Source } from "./job_filter.ts";
import type { Bounds, Order, Part, Place } from "./job_order.ts";
import type { Statements } from "./statements.ts";

/** Jobs looked at in the first window. Later ones grow while they are quick. */
const FIRST_WINDOW = 4096;
/** The same with a source whose every look-up has its price. */
const FIRST_DEAR_WINDOW = 65_536;
/** The same where looking at one may mean reading megabytes. */
const FIRST_SLOW_WINDOW = 64;
/** How long a window may take before the next one is made smaller; milliseconds. */
const QUICK = 8;
/** Beyond every key. */
const EXTREME = Number.MAX_SAFE_INTEGER;

/** The chunks of one job's output have so many ids. */
const JOB = 65_536;
/** Chunks looked up at once. */
const CHUNKS = 512;
/** The same where more than one of a job's may have to be read. */
const SLOW_CHUNKS = 64;

type Row = { id: number; key: number };

export class JobWalk {
  constructor(readonly statements: Statements) {}

  async run(
    conditions: Condition[],
    order: Order,
    after: Place | undefined,
    bounds: Bounds,
    count: number,
  ): Promise<Place[]> {
    const found: Place[] = [];
    for (const [number, part] of order.parts.entries()) {
      if (after && number < after.part) continue;
      const start = after?.part === number ? after : undefined;
      const wanted = () => count - found.length;
      const windows = part.key === "j.id"
        ? this.#byId(conditions, part, start ? order.narrow(bounds, start) : bounds, wanted)
        : this.#byKey(conditions, part, start, bounds, wanted);
      for (const rows of paced(windows)) {
        if (rows === "pause") await new Promise<void>((resolve) => setImmediate(resolve));
        else found.push(...rows.map((row) => ({ part: number, ...row })));
        if (found.length === count) return found;
      }
    }
    return found;
  }

  /** Ids are given out without gaps, so a window of ids is one of jobs. */
  *#byId(conditions: Condition[], part: Part, bounds: Bounds, wanted: () => number): Windows {
    const printed = conditions.filter(({ source }) => source?.chunks);
    const [lead] = printed.length > 1
      ? [this.#rarest(printed, part, bounds)]
      : conditions.filter(({ source }) => source?.walk).sort((a, b) => a.source!.walk! - b.source!.walk!);
    const source = lead?.source;
    const rest = conditions.filter((condition) => condition !== lead);
    if (source?.chunks) return yield* this.#byChunks(source, rest, part, bounds, wanted);
    // What is slow to ask of one job is looked up for the whole window where that can be.
    const filter = rest.map(({ sql, slow, source }) => ` AND ${slow && source ? `j.id IN (${source.sql})` : sql}`).join(
      "",
    );
    const params = (low: number, high: number) =>
      rest.flatMap(({ params, slow, source }) => slow && source ? [...source.params, low, high] : params);
    const sql = source
      ? `SELECT j.id, j.id AS key FROM (${source.sql}) AS c CROSS JOIN jobs AS j ON j.id = c.id
         WHERE ${part.where}${filter} ORDER BY c.id ${part.direction} LIMIT ?`
      : `SELECT j.id, j.id AS key FROM jobs AS j ${part.index}
         WHERE j.id BETWEEN ? AND ? AND ${part.where}${filter} ORDER BY j.id ${part.direction} LIMIT ?`;
    const statement = this.statements.get(sql);
    let { from, to } = bounds;
    // With nothing else to ask, the source itself stops at the first that suffice.
    let size = lead && rest.length === 0 && part.where === "1" ? to - from + 1 : firstWindow(rest, lead);
    const sizes = new WindowSizes();
    while (from <= to) {
      const low = part.direction === "DESC" ? Math.max(from, to - size + 1) : from;
      const high = part.direction === "DESC" ? to : Math.min(to, from + size - 1);
      const range = [...source?.params ?? [], low, high, ...params(low, high), wanted()];
      size = sizes.next(size, yield statement.all(...range) as Row[]);
      if (part.direction === "DESC") to = low - 1;
      else from = high + 1;
    }
  }

  /** A job may have printed many chunks that match, so ids are made of some of them at a time. */
  *#byChunks(
    { params: [match] }: Source,
    rest: Condition[],
    part: Part,
    bounds: Bounds,
    wanted: () => number,
  ): Windows {
    const chunks = this.#chunks(part);
    const jobs = this.statements.get(`
      SELECT j.id, j.id AS key FROM jobs AS j WHERE j.id IN (SELECT value FROM json_each(?)) AND ${part.where}
      ${rest.map(({ sql }) => ` AND ${sql}`).join("")} ORDER BY j.id ${part.direction} LIMIT ?`);
    const params = rest.flatMap(({ params }) => params);
    const size = rest.some(({ slow }) => slow) ? SLOW_CHUNKS : CHUNKS;
    let [low, high] = [bounds.from * JOB, (bounds.to + 1) * JOB - 1];
    for (;;) {
      const rows = chunks.all(match!, low, high, size) as { chunk: number }[];
      const ids = [...new Set(rows.map(({ chunk }) => Math.floor(chunk / JOB)))];
      yield jobs.all(JSON.stringify(ids), ...params, wanted()) as Row[];
      if (rows.length < size) return;
      if (part.direction === "DESC") high = ids.at(-1)! * JOB - 1;
      else low = (ids.at(-1)! + 1) * JOB;
    }
  }

  #chunks({ direction }: Part) {
    return this.statements.get(`
      SELECT s.rowid AS chunk FROM output_text AS s WHERE s.text MATCH ? AND s.rowid BETWEEN ? AND ?
      ORDER BY s.rowid ${direction} LIMIT ?`);
  }

  /** The condition whose first chunks lie furthest apart. */
  #rarest(conditions: Condition[], part: Part, { from, to }: Bounds): Condition {
    const spans = new Map(conditions.map((condition) => {
      const rows = this.#chunks(part).all(condition.source!.params[0]!, from * JOB, (to + 1) * JOB - 1, SLOW_CHUNKS);
      const ends = [rows[0], rows.at(-1)] as { chunk: number }[];
      return [condition, rows.length < SLOW_CHUNKS ? Infinity : Math.abs(ends[0]!.chunk - ends[1]!.chunk)];
    }));
    return conditions.reduce((best, each) => spans.get(each)! > spans.get(best)! ? each : best);
  }

  /** The end of a window is found by counting along the index, which holds no more than the key and the id. */
  *#byKey(
    conditions: Condition[],
    part: Part,
    start: Place | undefined,
    bounds: Bounds,
    wanted: () => number,
  ): Windows {
    const [than, upTo] = part.direction === "DESC" ? ["<", ">="] : [">", "<="];
    const extreme = part.direction === "DESC" ? EXTREME : -EXTREME;
    const sorted = `ORDER BY ${part.key} ${part.direction}, j.id ${part.direction}`;
    const probe = this.statements.get(`
      SELECT j.id, ${part.key} AS key FROM jobs AS j ${part.index}
      WHERE ${part.where} AND (${part.key}, j.id) ${than} (?, ?) ${sorted} LIMIT 1 OFFSET ?`);
    const statement = this.statements.get(`
      SELECT j.id, ${part.key} AS key FROM jobs AS j ${part.index}
      WHERE ${part.where} AND (${part.key}, j.id) ${than} (?, ?) AND (${part.key}, j.id) ${upTo} (?, ?)
      AND j.id BETWEEN ? AND ?${conditions.map(({ sql }) => ` AND ${sql}`).join("")} ${sorted} LIMIT ?`);
    const params = conditions.flatMap(({ params }) => params);
    let at: Row = start ?? { key: extreme, id: extreme };
    let size = firstWindow(conditions);
    const sizes = new WindowSizes();
    for (;;) {
      const end = probe.get(at.key, at.id, size - 1) as Row | undefined;
      const last = end ?? { key: -extreme, id: -extreme };
      const rows = statement.all(at.key, at.id, last.key, last.id, bounds.from, bounds.to, ...params, wanted());
      size = sizes.next(size, yield rows as Row[]);
      if (!end) return;
      at = end;
    }
  }
}

function firstWindow(conditions: Condition[], lead?: Condition): number {
  if (conditions.some(({ slow }) => slow)) return FIRST_SLOW_WINDOW;
  return lead?.source?.dear ? FIRST_DEAR_WINDOW : FIRST_WINDOW;
}

/** Fits the windows to what they take. */
class WindowSizes {
  /** Milliseconds per job in the window before. */
  #rate = Infinity;

  next(size: number, took: number): number {
    const rate = took / size;
    // A price that is the same for every window is paid less often with larger ones.
    const cheaper = rate < this.#rate / 2;
    this.#rate = rate;
    if (took < QUICK / 4 || (took > QUICK && cheaper)) return size * 4;
    return took > QUICK ? Math.max(64, Math.ceil(size / 2)) : size;
  }
}

/** Windows of rows; each is told how many milliseconds it took. */
type Windows = Generator<Row[], void, number>;

/** Measures the windows and asks for a pause whenever they have had the thread long enough. */
function* paced(windows: Windows): Generator<Row[] | "pause"> {
  let began = performance.now();
  let since = began;
  let window = windows.next();
  while (!window.done) {
    const took = performance.now() - since;
    yield window.value;
    if (performance.now() - began > QUICK) {
      yield "pause";
      began = performance.now();
    }
    since = performance.now();
    window = windows.next(took);
  }
}
