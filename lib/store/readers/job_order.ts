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

export class Order {
  readonly #descending: boolean;

  constructor(readonly parts: Part[]) {
    this.#descending = parts[0]!.direction === "DESC";
  }

  /** What comes after a place in its part. */
  after(part: number, { key, id }: { key: number; id: number }): { sql: string; params: number[] } {
    const than = this.#descending ? "<" : ">";
    const column = this.parts[part]!.key;
    return column === "j.id"
      ? { sql: `j.id ${than} ?`, params: [id] }
      : { sql: `(${column}, j.id) ${than} (?, ?)`, params: [key, id] };
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
