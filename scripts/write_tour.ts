/** Runs the tour in README.md against a service of its own and writes down what it printed: `deno task tour`. */

import { rewrite, runStep } from "../tests/helpers/tour.ts";
import { startService } from "../tests/helpers/service.ts";

const readme = new URL("../README.md", import.meta.url);
const cwd = await Deno.makeTempDir({ prefix: "stint-tour-" });
const service = await startService();
try {
  const text = await Deno.readTextFile(readme);
  await Deno.writeTextFile(readme, await rewrite(text, (command) => runStep(command, service.port, cwd)));
} finally {
  await service[Symbol.asyncDispose]();
  await Deno.remove(cwd, { recursive: true });
}
