/** The contract's schemas as TypeScript, for the commands and the dashboard. */

import openapiTS, { astToString } from "openapi-typescript";

/** Source of `openapi/types.ts` for a contract as JSON. Only its schemas: what is asked where stands in the contract. */
export async function contractTypes(document: string): Promise<string> {
  const { openapi, info, components } = JSON.parse(document);
  const schemas = { openapi, info, paths: {}, components: { schemas: components.schemas } };
  const source = astToString(await openapiTS(schemas));
  return `/** Made from openapi.json by \`deno task openapi\`. Change the routes, not this file. */\n\n${source}`;
}
