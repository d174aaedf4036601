/** Writes `openapi/openapi.json` from the routes: `deno task openapi`. */

import { documentText } from "../openapi/document.ts";

await Deno.writeTextFile(new URL("../openapi/openapi.json", import.meta.url), documentText());
