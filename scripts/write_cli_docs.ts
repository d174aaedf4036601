/** Writes `docs/cli.md`: `deno task cli-docs`. */

import { cliDocs } from "./cli_docs.ts";

await Deno.writeTextFile(new URL("../docs/cli.md", import.meta.url), await cliDocs());
