import assert from "node:assert/strict";
import { type Filters, NO_FILTERS } from "../../../ui/logic/filters.ts";
import { OrderedRows } from "../../../ui/logic/ordered_rows.ts";
import type { Row } from "../../../ui/logic/row.ts";

function row(id: number, state = "running"): Row {
  return { id, state, command: `c${id}`, name: null, labels: {}, queue: null, exitCode: null } as unknown as Row;
}

function list(ids: number[], filters: Partial<Filters> = {}): OrderedRows {
  const rows = new OrderedRows({ ...NO_FILTERS, ...filters });
  rows.append(ids.map((id) => row(id)));
  return rows;
}

const idsOf = ({ rows }: OrderedRows) => rows.map(({ id }) => id);
const NOBODY = new Set<number>();

Deno.test("new jobs come in at the top, and how many came in above the screen is said", () => {
  const rows = list([5, 4, 3]);
  assert.deepEqual(rows.change([row(7), row(6)], NOBODY, 1), { above: 2, ask: false });
  assert.deepEqual(idsOf(rows), [7, 6, 5, 4, 3]);
  assert.equal(rows.indexOf(5), 2);
});

Deno.test("a job that is there is replaced where it stands", () => {
  const rows = list([5, 4, 3]);
  assert.equal(rows.change([row(4, "failed")], NOBODY, 0).above, 0);
  assert.deepEqual(rows.rows.map(({ state }) => state), ["running", "failed", "running"]);
  assert.equal(rows.get(4)!.state, "failed");
});

Deno.test("a job that no longer matches leaves, one that begins to match comes where it belongs", () => {
  const rows = list([9, 7, 3], { states: ["running"] });
  const { above } = rows.change([row(7, "failed"), row(5)], NOBODY, 2);
  assert.deepEqual([idsOf(rows), above], [[9, 5, 3], -1]);
});

Deno.test("a removed job leaves, an unknown one is nothing", () => {
  const rows = list([3, 2, 1]);
  assert.equal(rows.change([], new Set([2, 99]), 3).above, -1);
  assert.deepEqual(idsOf(rows), [3, 1]);
  assert.equal(rows.get(2), undefined);
});

Deno.test("a job beyond what is loaded waits for its page", () => {
  const rows = list([9, 8]);
  rows.change([row(3)], NOBODY, 0);
  assert.deepEqual(idsOf(rows), [9, 8]);
  rows.append([row(3), row(2)]);
  assert.deepEqual(idsOf(rows), [9, 8, 3, 2]);
  rows.complete = true;
  rows.change([row(1)], NOBODY, 0);
  assert.deepEqual(idsOf(rows), [9, 8, 3, 2, 1]);
});

Deno.test("a page that holds what came by a change meanwhile does not bring it twice", () => {
  const rows = list([]);
  rows.change([row(10, "failed")], NOBODY, 0);
  rows.append([row(10), row(9)]);
  assert.deepEqual([idsOf(rows), rows.get(10)!.state], [[10, 9], "failed"]);
});

Deno.test("with the oldest first new jobs come at the end", () => {
  const rows = list([1, 2], { sort: "created" });
  rows.change([row(3)], NOBODY, 0);
  assert.deepEqual(idsOf(rows), [1, 2]);
  rows.complete = true;
  rows.change([row(3)], NOBODY, 0);
  assert.deepEqual(idsOf(rows), [1, 2, 3]);
});

Deno.test("where only the server can tell whether a job matches, it is to be asked", () => {
  const rows = list([5], { output: "needle" });
  assert.equal(rows.change([row(6)], NOBODY, 0).ask, true);
  assert.equal(rows.change([row(5, "failed")], NOBODY, 0).ask, false);
  rows.insert(row(6));
  assert.deepEqual(idsOf(rows), [6, 5]);
});

Deno.test("a hundred thousand rows take a change in well under a frame's work", () => {
  const rows = list(Array.from({ length: 100_000 }, (_, i) => 100_000 - i));
  // Counted rather than timed: replacing finds each row by halves.
  let reads = 0;
  const counted = new Proxy(rows.rows, {
    get(target, name, receiver) {
      if (typeof name === "string" && /^\d+$/.test(name)) reads++;
      return Reflect.get(target, name, receiver);
    },
  });
  rows.rows = counted;
  rows.change(Array.from({ length: 100 }, (_, i) => row(1 + i * 997, "paused")), NOBODY, 0);
  assert.ok(reads < 100 * 25, String(reads));
});

Deno.test("by duration and by end those that have none come last, and a job moves when it gets one", () => {
  const ended = (id: number, duration: number, end: number) => ({ ...row(id, "failed"), duration, ended: end });
  const running = (id: number) => ({ ...row(id), duration: null, ended: null });
  for (const [sort, order] of [["-duration", [3, 1, 5, 2]], ["-ended", [1, 3, 5, 2]]] as const) {
    const rows = new OrderedRows({ ...NO_FILTERS, sort });
    rows.append(sort === "-duration" ? [ended(3, 9, 10), ended(1, 4, 20)] : [ended(1, 4, 20), ended(3, 9, 10)]);
    rows.append([running(5), running(2)]);
    assert.deepEqual(idsOf(rows), order);
    rows.complete = true;
    rows.change([ended(5, 6, 15), running(7)], NOBODY, 0);
    assert.deepEqual(idsOf(rows), sort === "-duration" ? [3, 5, 1, 7, 2] : [1, 5, 3, 7, 2]);
    assert.equal(rows.indexOf(7), 3);
  }
});
