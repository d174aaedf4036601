/** The contract's schemas as TypeScript, for the commands and the dashboard. */

import { createHash } from "node:crypto";

/**
 * Run as a program of its own, and named nowhere else: what stands in `deno.json` or `deno.lock` is fetched by everybody
 * who starts the service from its sources.
 */
const GENERATOR = "npm:openapi-typescript@7.13.0";

/** What `openapi/types.ts` begins with when it was made from this document. */
export function typesHead(document: string): string {
  const sum = createHash("sha256").update(document).digest("hex");
  return `/** Made from openapi.json by \`deno task openapi\`. Change the routes, not this file. SHA-256: ${sum} */\n`;
}

/** Source of `openapi/types.ts` for a contract as JSON. Only its schemas: what is asked where stands in the contract. */
export async function contractTypes(document: string): Promise<string> {
  const { openapi, info, components } = JSON.parse(document);
  const directory = await Deno.makeTempDir({ prefix: "stint-types-" });
  try {
    const [from, to] = [`${directory}/openapi.json`, `${directory}/types.ts`];
    const schemas = { openapi, info, paths: {}, components: { schemas: components.schemas } };
    await Deno.writeTextFile(from, JSON.stringify(schemas));
    const args = ["run", "--no-lock", "--no-config", "--quiet", "--allow-all", GENERATOR, from, "-o", to];
    const { success } = await new Deno.Command(Deno.execPath(), { args, stdout: "null" }).output();
    if (!success) throw new Error(`${GENERATOR} failed.`);
    return `${typesHead(document)}\n${await Deno.readTextFile(to)}`;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
