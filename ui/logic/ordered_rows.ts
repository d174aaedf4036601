/** The rows of a list, in the order in which the server gives them, with changes worked in as they come. */

import type { Filters } from "./filters.ts";
import { matches } from "./matches.ts";
import type { Row } from "./row.ts";
import { compareRows } from "./row_order.ts";

export class OrderedRows {
  rows: Row[] = [];
  /** Whether the server has no more of them. */
  complete = false;
  readonly #byId = new Map<number, Row>();

  constructor(readonly filters: Filters) {}

  get(id: number): Row | undefined {
    return this.#byId.get(id);
  }

  indexOf(id: number): number {
    const row = this.#byId.get(id);
    return row === undefined ? -1 : this.#insertion(row);
  }

  /** Adds a page that comes after all that there is. One that came by a change meanwhile is newer, and stays. */
  append(page: readonly Row[]): void {
    for (const row of page) {
      if (this.#byId.has(row.id)) continue;
      this.#byId.set(row.id, row);
      this.rows.push(row);
    }
  }

  /**
   * Works changes in: rows as they are now, and ids of those that are gone. The answer: how many rows came in above `top`
   * (an index), less those that went, and whether there may be more that only the server can tell.
   */
  change(changed: readonly Row[], gone: ReadonlySet<number>, top: number): { above: number; ask: boolean } {
    let ask = false;
    const leaving = new Set<Row>();
    const coming: Row[] = [];
    const replaced = new Map<Row, Row>();
    for (const row of changed) {
      const known = this.#byId.get(row.id);
      const fits = matches(row, this.filters);
      if (known) {
        if (fits !== false && compareRows(known, row, this.filters.sort) === 0) replaced.set(known, row);
        else {
          leaving.add(known);
          // By what it goes by now it has another place, which may be among what is still to come.
          if (fits !== false && this.#reaches(row)) coming.push(row);
        }
      } else if (fits && this.#reaches(row)) coming.push(row);
      else if (fits === null) ask = true;
    }
    for (const id of gone) {
      const known = this.#byId.get(id);
      if (known) leaving.add(known);
    }
    return { above: this.#apply(leaving, replaced, coming, top), ask };
  }

  #apply(leaving: ReadonlySet<Row>, replaced: ReadonlyMap<Row, Row>, coming: Row[], top: number): number {
    let above = 0;
    for (const [known, row] of replaced) {
      this.rows[this.#insertion(known)] = row;
      this.#byId.set(row.id, row);
    }
    if (leaving.size > 0) {
      this.rows = this.rows.filter((row, index) => {
        if (!leaving.has(row)) return true;
        if (index < top) above--;
        this.#byId.delete(row.id);
        return false;
      });
    }
    for (const row of coming) if (this.insert(row) < top + above) above++;
    return above;
  }

  /** Puts a new row where it belongs, and says where that is. */
  insert(row: Row): number {
    const index = this.#insertion(row);
    this.rows.splice(index, 0, row);
    this.#byId.set(row.id, row);
    return index;
  }

  /** Whether it belongs to what is loaded, rather than to what is still to come. */
  #reaches(row: Row): boolean {
    const last = this.rows.at(-1);
    return this.complete || last === undefined || compareRows(row, last, this.filters.sort) < 0;
  }

  /** Where a row belongs, which is where it stands if it is there. */
  #insertion(row: Row): number {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareRows(this.rows[middle]!, row, this.filters.sort) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
