import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { buildUi } from "../../scripts/ui/build.ts";

const BUILT = new URL("../../routes/assets/ui/", import.meta.url);

Deno.test("the dashboard that is committed is what its sources build: deno task ui", async () => {
  const { built, files } = await buildUi();
  assert.deepEqual(JSON.parse(await Deno.readTextFile(new URL("built.json", BUILT))), built);
  for (const [name, bytes] of files) {
    const kept = gunzipSync(await Deno.readFile(new URL(`${name}.gz`, BUILT)));
    assert.ok(kept.equals(bytes), name);
  }
  const wanted = ["built.json", ...[...files.keys()].flatMap((name) => [`${name}.br`, `${name}.gz`])];
  assert.deepEqual([...Deno.readDirSync(BUILT)].map(({ name }) => name).sort(), wanted.sort());
});
