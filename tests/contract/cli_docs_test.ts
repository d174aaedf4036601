import assert from "node:assert/strict";
import { isFamily } from "../../cli/command.ts";
import { flagsOf } from "../../cli/options.ts";
import { REGISTRY } from "../../cli/registry.ts";
import { cliDocs } from "../../scripts/cli_docs.ts";

Deno.test("docs/cli.md is what the commands say of themselves (else: deno task cli-docs)", async () => {
  const committed = await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url));
  assert.ok(committed === await cliDocs(), "docs/cli.md is old; run: deno task cli-docs");
});

Deno.test("every command has an example, and options that can be told apart", async () => {
  for (const [name, entry] of Object.entries(REGISTRY)) {
    const command = await entry.load();
    for (const each of isFamily(command) ? [...Object.values(command.commands)] : [command]) {
      assert.ok(each.examples.length > 0 && each.examples.every(({ line }) => line.includes("stint ")), name);
      const flags = (each.options ?? []).map(flagsOf);
      const shorts = flags.flatMap(({ short }) => short ?? []);
      assert.equal(new Set(shorts).size, shorts.length, `${name}: ${shorts}`);
      assert.equal(new Set(flags.map(({ long }) => long)).size, flags.length, name);
    }
  }
});
