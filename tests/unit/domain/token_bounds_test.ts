import assert from "node:assert/strict";
import { Problem } from "../../../lib/domain/errors.ts";
import {
  assertMayTouch,
  boundSpec,
  isTokenBounds,
  isWithin,
  type TokenBounds,
} from "../../../lib/domain/token_bounds.ts";
import type { Job } from "../../../lib/domain/job.ts";
import { parseRecords } from "../../../lib/tokens/record.ts";

const base = { grace: 5, priority: 0 };

Deno.test("a job is within the bounds by its queue and all of its labels", () => {
  const bounds: TokenBounds = { queues: ["a", "b"], labels: { x: "1", y: "2" } };
  const cases: [string | null, Record<string, string> | undefined, boolean][] = [
    ["a", { x: "1", y: "2" }, true],
    ["b", { x: "1", y: "2", z: "3" }, true],
    ["c", { x: "1", y: "2" }, false],
    [null, { x: "1", y: "2" }, false],
    ["a", { x: "1" }, false],
    ["a", { x: "1", y: "3" }, false],
    ["a", undefined, false],
  ];
  for (const [queue, labels, expected] of cases) assert.equal(isWithin(bounds, queue, labels), expected);
  // A name that every object has is no label.
  assert.equal(isWithin({ labels: { constructor: "x" } }, "a", {}), false);
});

Deno.test("words are compared one by one: no joining, no cutting, no shell", () => {
  const bounds: TokenBounds = { commands: { prefixes: [["deploy", "prod"], ["status"]] } };
  for (const argv of [["deploy", "prod"], ["deploy", "prod", ""], ["status", "x"]]) {
    assert.deepEqual(boundSpec({ ...base, argv }, bounds), { ...base, argv });
  }
  for (const argv of [["deploy"], ["deploy", "production"], ["deploy prod"], ["", "deploy", "prod"], ["./status"]]) {
    assert.throws(() => boundSpec({ ...base, argv }, bounds), Problem, argv.join());
  }
  assert.throws(() => boundSpec({ ...base, command: "status" }, bounds), Problem);
  // A field that nobody thought of could change what the command does.
  assert.throws(() => boundSpec({ ...base, argv: ["status"], ...{ network: true } }, bounds), /token may not say/);
});

Deno.test("a list that is empty, or a word that is not known, is no bound", () => {
  for (
    const good of [{ queues: ["a"] }, { labels: { a: "" } }, { commands: { prefixes: [["a"]], cwd: "/", env: ["A"] } }]
  ) {
    assert.equal(isTokenBounds(good), true);
  }
  const bad = [{}, { queues: [] }, { queues: [1] }, { labels: {} }, { labels: { a: 1 } }, { queue: ["a"] }, [], null]
    .concat([{ commands: {} }, { commands: { prefixes: [] } }, { commands: { prefixes: [[]] } }] as never[])
    .concat([{ commands: { prefixes: [["a"]], shell: true } }, { queues: ["a"], commands: null }] as never[]);
  for (const each of bad) assert.equal(isTokenBounds(each), false, JSON.stringify(each));
});

Deno.test("a file whose bounds make no sense, or bind an admin, is not read", () => {
  const record = { id: "a", name: "a", hash: "0".repeat(64), created: 1, expires: null, revoked: null };
  const text = (more: object) => JSON.stringify({ tokens: [{ ...record, scopes: ["jobs:write"], ...more }] });
  assert.deepEqual(parseRecords(text({ bounds: { queues: ["a"] } }))[0]!.bounds, { queues: ["a"] });
  for (
    const more of [{ bounds: {} }, { bounds: null }, { scopes: ["admin"], bounds: { queues: ["a"] } }, { rate: {} }]
  ) {
    assert.throws(() => parseRecords(text(more)), JSON.stringify(more));
  }
});

Deno.test("a job is touched only by whom it might be from: the command where it was to be, with what may be given to it", () => {
  const bounds: TokenBounds = { commands: { prefixes: [["true"]], cwd: "/srv", env: ["A"] } };
  const job = (spec: Partial<Job["spec"]>): Job => {
    return { id: 1, created: 0, cookie: "c", state: "queued", spec: { ...base, ...spec } };
  };
  const pointerOf = (spec: Partial<Job["spec"]>) => {
    try {
      assertMayTouch(bounds, job(spec));
      return "none";
    } catch (error) {
      assert.ok(error instanceof Problem);
      return error.extras.errors![0]!.pointer;
    }
  };
  assert.equal(pointerOf({ argv: ["true", "x"], cwd: "/srv", env: { A: "1" } }), "none");
  assert.equal(pointerOf({ argv: ["true"] }), "/cwd");
  assert.equal(pointerOf({ argv: ["true"], cwd: "/srv", sandbox: true }), "/sandbox");
  assert.equal(pointerOf({ argv: ["false"], cwd: "/srv" }), "/argv");
  assertMayTouch({ labels: { a: "b" } }, job({ command: "anything" }));
});
