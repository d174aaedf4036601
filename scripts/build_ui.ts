/**
 * Builds the dashboard from `ui/` into `routes/assets/ui`, which is committed: `deno task ui`.
 *
 *     deno run -A scripts/build_ui.ts [DIRECTORY]     (another one, for a look at what would come out)
 */

import { buildUi } from "./ui/build.ts";
import { compressed } from "./ui/compressed.ts";

const target = Deno.args[0] === undefined ? new URL("../routes/assets/ui/", import.meta.url).pathname : Deno.args[0];
const { built, files } = await buildUi();
await Deno.remove(target, { recursive: true }).catch((error) => {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
});
await Deno.mkdir(target, { recursive: true });
let first = 0;
for (const [name, bytes] of files) {
  const { br, gz } = compressed(bytes);
  await Deno.writeFile(`${target}/${name}.br`, br);
  await Deno.writeFile(`${target}/${name}.gz`, gz);
  const loads = built.first.includes(name) || [built.main, built.theme, built.style, built.icon].includes(name);
  if (loads) first += gz.length;
  console.log(
    `${name.padEnd(28)} ${bytes.length} bytes, br ${br.length}, gzip ${gz.length}${loads ? ", at once" : ""}`,
  );
}
await Deno.writeTextFile(`${target}/built.json`, JSON.stringify(built, null, 2) + "\n");
console.log(`The first load is ${first} bytes in gzip.`);
