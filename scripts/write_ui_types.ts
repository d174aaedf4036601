/** Writes what the dashboard knows of the contract, `ui/api/types.ts`, from `openapi/openapi.json`: `deno task ui-types`. */

import { uiTypes } from "./ui/types.ts";

await Deno.writeTextFile(new URL("../ui/api/types.ts", import.meta.url), await uiTypes());
