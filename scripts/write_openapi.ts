/** Writes `openapi/openapi.json`, and the types of its schemas beside it, from the routes: `deno task openapi`. */

import { documentText } from "../openapi/document.ts";
import { contractTypes } from "./contract_types.ts";

const text = documentText();
await Deno.writeTextFile(new URL("../openapi/openapi.json", import.meta.url), text);
await Deno.writeTextFile(new URL("../openapi/types.ts", import.meta.url), await contractTypes(text));
