import assert from "node:assert/strict";
import { findFaults, importsOf, readImports } from "../../../scripts/check_layers.ts";

Deno.test("an import upwards is a fault", () => {
  const faults = findFaults(
    new Map([
      ["lib/domain/job.ts", ["lib/services/jobs.ts"]],
      ["lib/services/jobs.ts", ["lib/store/sqlite.ts", "lib/domain/job.ts"]],
      ["lib/store/sqlite.ts", ["lib/services/ports/store.ts"]],
      ["lib/services/ports/store.ts", []],
      ["routes/jobs.ts", ["cli/serve.ts"]],
      ["cli/serve.ts", ["lib/store/sqlite.ts", "routes/jobs.ts"]],
    ]),
  );
  assert.deepEqual(faults.filter((fault) => !fault.startsWith("circle")), [
    "lib/domain/job.ts may not import lib/services/jobs.ts",
    "lib/services/jobs.ts may not import lib/store/sqlite.ts",
    "routes/jobs.ts may not import cli/serve.ts",
  ]);
});

Deno.test("files that import each other in a circle are a fault", () => {
  const faults = findFaults(
    new Map([["lib/a.ts", ["lib/b.ts"]], ["lib/b.ts", ["lib/c.ts"]], ["lib/c.ts", ["lib/b.ts"]]]),
  );
  assert.deepEqual(faults, ["circle: lib/b.ts -> lib/c.ts -> lib/b.ts"]);
});

Deno.test("a folder that nobody has given a layer is a fault", () => {
  assert.deepEqual(findFaults(new Map([["misc/a.ts", []]])), [
    "misc/a.ts: its folder has no row in the table of layers",
  ]);
});

Deno.test("all ways of importing are seen, and comments are not", () => {
  const source = `
    import a from "./a.ts";
    import type { B } from '../b.ts';
    export * from "./c.ts";
    import {
      d,
    } from "./d/d.ts";
    import "./e.ts";
    const f = await import("./f.ts");
    new Worker(new URL("./g.ts", import.meta.url), { type: "module" });
    // import x from "./x.ts";
    /* import y from "./y.ts"; */
    import hono from "hono";`;
  const expected = ["lib/x/a.ts", "lib/b.ts", "lib/x/c.ts", "lib/x/d/d.ts", "lib/x/e.ts", "lib/x/f.ts", "lib/x/g.ts"];
  assert.deepEqual(importsOf("lib/x/y.ts", source), expected);
});

Deno.test("this repository's imports go one way", () => {
  assert.deepEqual(findFaults(readImports(new URL("../../..", import.meta.url).pathname)), []);
});
