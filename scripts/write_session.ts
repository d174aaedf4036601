/** Runs the recorded session in README.md against a service of its own and writes down what it printed: `deno task session`. */

import { rewriteSession } from "../tests/helpers/session.ts";

const readme = new URL("../README.md", import.meta.url);
await Deno.writeTextFile(readme, await rewriteSession(await Deno.readTextFile(readme)));
