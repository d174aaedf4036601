/** The contract as types. */

import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";

const HEAD = "// Made from openapi/openapi.json by `deno task ui-types`. Not to be edited.\n\n";

/** What `ui/api/types.ts` has to be. */
export async function uiTypes(): Promise<string> {
  const text = await Deno.readTextFile(new URL("../../openapi/openapi.json", import.meta.url));
  const contract: OpenAPI3 = JSON.parse(text);
  // The schemas are what the dashboard talks about; the operations would be ten times as much.
  return HEAD + astToString(await openapiTS({ ...contract, paths: {} }, { alphabetize: false, silent: true }));
}
