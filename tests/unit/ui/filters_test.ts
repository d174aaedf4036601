import assert from "node:assert/strict";
import { filtersOf, isFiltered, NO_FILTERS, queryOf, searchText, withSearch } from "../../../ui/logic/filters.ts";
import { matches } from "../../../ui/logic/matches.ts";
import type { Row } from "../../../ui/logic/row.ts";

const ALL = {
  q: "Ночная сборка",
  output: "no such file",
  states: ["running", "failed"],
  labels: ["team:ops", "host:a b"],
  queue: "nightly",
  exitCode: "1",
  sort: "-duration",
} as const;

Deno.test("filters go into an address and come back", () => {
  assert.deepEqual(filtersOf(queryOf(ALL)), ALL);
  assert.deepEqual(filtersOf(new URLSearchParams(queryOf(ALL).toString())), ALL);
  assert.equal(queryOf(NO_FILTERS).toString(), "");
});

Deno.test("what makes no sense in an address is left out", () => {
  const query = new URLSearchParams("state=running,dancing&sort=colour&exit_code=x&label=nocolon&q=a");
  assert.deepEqual(filtersOf(query), { ...NO_FILTERS, q: "a", states: ["running"] });
});

Deno.test("filters go into the search box and come back", () => {
  const text = searchText(ALL);
  assert.equal(text, 'Ночная сборка label:team:ops label:"host:a b" queue:nightly exit:1 output:"no such file"');
  assert.deepEqual(withSearch({ ...NO_FILTERS, states: ALL.states, sort: ALL.sort }, text), ALL);
});

Deno.test("a search that is still being typed is words until it is more", () => {
  assert.equal(withSearch(NO_FILTERS, "label:team").q, "label:team");
  assert.equal(withSearch(NO_FILTERS, "exit:").q, "exit:");
  assert.equal(withSearch(NO_FILTERS, "exit:abc").q, "exit:abc");
  assert.equal(withSearch(NO_FILTERS, 'output:"no su').output, "no su");
  assert.equal(withSearch(NO_FILTERS, "  a   b ").q, "a b");
});

Deno.test("filters that leave nothing out are none, whatever the order", () => {
  assert.equal(isFiltered({ ...NO_FILTERS, sort: "created" }), false);
  assert.equal(isFiltered({ ...NO_FILTERS, states: ["lost"] }), true);
});

const row = {
  command: "rsync -a /srv",
  name: "Backup",
  labels: { team: "ops" },
  state: "failed",
  queue: "nightly",
  exitCode: 23,
} as unknown as Row;

Deno.test("a job that changed is in the list or not as the server would have it", () => {
  const fits = (filters: Partial<typeof NO_FILTERS>) => matches(row, { ...NO_FILTERS, ...filters });
  assert.equal(fits({}), true);
  assert.equal(fits({ q: "BACKUP srv" }), true);
  assert.equal(fits({ q: "team:ops" }), true);
  assert.equal(fits({ q: "backup missing" }), false);
  assert.equal(fits({ states: ["running"] }), false);
  assert.equal(fits({ states: ["running", "failed"], queue: "nightly", exitCode: "23", labels: ["team:ops"] }), true);
  assert.equal(fits({ queue: "default" }), false);
  assert.equal(fits({ exitCode: "1" }), false);
  assert.equal(fits({ labels: ["team:web"] }), false);
  // What it printed only the server knows.
  assert.equal(fits({ output: "x" }), null);
  assert.equal(fits({ output: "x", states: ["running"] }), false);
});
