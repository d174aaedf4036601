import assert from "node:assert/strict";
import { type Option, OPTIONS } from "../../../lib/config/options.ts";

const readme = await Deno.readTextFile(new URL("../../../README.md", import.meta.url));
const named = [...readme.matchAll(/^\| (`--.*?) +\|/gm)].flatMap(([, cell]) => cell!.match(/--[a-z][a-z-]*/g) ?? []);

Deno.test("the README's table of options has every option of serve, once, and no other", () => {
  const flags = Object.values<Option>(OPTIONS).map(({ flag }) => `--${flag}`);
  assert.deepEqual(named.toSorted(), flags.toSorted());
});
