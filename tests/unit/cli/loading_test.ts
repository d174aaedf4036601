import assert from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import { REGISTRY } from "../../../cli/registry.ts";

const root = new URL("../../../", import.meta.url).pathname;

/** Everything that is loaded with a file: its imports and theirs, without types and without what is loaded when it is needed. */
async function loadedWith(file: string, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.endsWith(".ts")) return seen;
  const source = await Deno.readTextFile(join(root, file));
  for (const [, what, from] of source.matchAll(/^(?:import|export) (type )?(?:[^;"]*? from )?"([^"]+)"/gm)) {
    if (what !== undefined) continue;
    await loadedWith(from!.startsWith(".") ? normalize(join(dirname(file), from!)) : from!, seen);
  }
  return seen;
}

Deno.test("a client command loads neither the server nor a package", async () => {
  const allowed =
    /^cli\/|^deno\.json$|^node:|^openapi\/openapi\.json$|^lib\/(domain|config|addresses|services\/jobs\/watching\/characters)\b/;
  for (const name of Object.keys(REGISTRY)) {
    const loaded = new Set([...await loadedWith("cli/main.ts"), ...await loadedWith(`cli/commands/${name}.ts`)]);
    assert.deepEqual([...loaded].filter((each) => !allowed.test(each)), [], name);
    const server = ["cli/serve.ts", "cli/compose.ts", "cli/own_parser.ts", "cli/token.ts"];
    assert.deepEqual(server.filter((each) => loaded.has(each)), [], name);
  }
});

Deno.test("ps loads no more than it needs: no module of Node.js, no other command", async () => {
  const loaded = [...await loadedWith("cli/main.ts"), ...await loadedWith("cli/commands/ps.ts")];
  assert.deepEqual(loaded.filter((each) => each.startsWith("node:")), []);
  assert.deepEqual(loaded.filter((each) => each.startsWith("cli/commands/") && each !== "cli/commands/ps.ts"), []);
});
