/** The orders of lists. One is made of parts that follow upon another: those who have ended, then those who have not. */

import type { JobSort } from "../../services/ports/store.ts";

/** Job ids, both inclusive. */
export interface Bounds {
  from: number;
  to: number;
}

/** Where a job stands in an order. */
export interface Place {
  part: number;
  key: number;
  id: number;
}

export interface Part {
  /** What it is sorted by, before the id. */
  key: "j.id" | "j.duration" | "j.ended";
  /** What belongs to it. */
  where: string;
  index: string;
  direction: "ASC" | "DESC";
}

/** What a job is sorted by. */
export interface Sortable {
  id: number;
  duration: number | null;
  ended: number | null;
}

export class Order {
  readonly #descending: boolean;

  constructor(readonly parts: Part[]) {
    this.#descending = parts[0]!.direction === "DESC";
  }

  /** The place of a job. */
  place({ id, duration, ended }: Sortable): Place {
    const values = { "j.id": id, "j.duration": duration, "j.ended": ended };
    const part = this.parts.findIndex(({ key }) => values[key] !== null);
    return { part, key: values[this.parts[part]!.key]!, id };
  }

  /** Negative when `a` comes before `b`. */
  compare(a: Place, b: Place): number {
    if (a.part !== b.part) return a.part - b.part;
    const rising = a.key - b.key || a.id - b.id;
    return this.#descending ? -rising : rising;
  }

  /** What is left of the bounds after a place in a part that is sorted by id. */
  narrow({ from, to }: Bounds, { id }: Place): Bounds {
    return this.#descending ? { from, to: Math.min(to, id - 1) } : { from: Math.max(from, id + 1), to };
  }
}

export function orderOf(sort: JobSort): Order {
  const direction = sort.startsWith("-") ? "DESC" : "ASC";
  const all = { key: "j.id", where: "1", index: "NOT INDEXED", direction } as const;
  const unended = { ...all, where: "j.ended IS NULL" };
  switch (sort) {
    case "created":
    case "-created":
      return new Order([all]);
    case "duration":
    case "-duration":
      return new Order([
        { key: "j.duration", where: "j.duration IS NOT NULL", index: "INDEXED BY jobs_by_duration", direction },
        unended,
      ]);
    case "ended":
    case "-ended":
      return new Order([
        { key: "j.ended", where: "j.ended IS NOT NULL", index: "INDEXED BY jobs_by_end", direction },
        unended,
      ]);
  }
}
