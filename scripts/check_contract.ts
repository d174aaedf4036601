/**
 * Checks the contract with the tools of others: `deno task check-contract`. It has to pass the recommended rules of
 * `@redocly/cli`, and what `openapi-typescript` makes of it has to compile with a client that uses it. Needs Node.js and
 * npm.
 */

const CONTRACT = new URL("../openapi/openapi.json", import.meta.url).pathname;

/** A few uses that only compile when the types say what the service answers. */
const CLIENT = `
import type { components, operations, paths } from "./contract.ts";

type Body<T> = T extends { content: { "application/json": infer J } } ? J : never;

const job: components["schemas"]["JobSpec"] = { command: "true", grace: 5, priority: 0 };
const submitted: Body<operations["submitJob"]["responses"][202]> = await (await fetch("/api/jobs", {
  method: "POST",
  body: JSON.stringify(job),
})).json();
export const url: string = submitted.status_url;
export const state: "queued" | "running" | "paused" | "succeeded" | "failed" | "terminated" | "timed_out" | "lost" =
  submitted.state;
export const search: paths["/api/jobs"]["get"]["parameters"]["query"] = { q: "сборка", state: "failed", limit: 10 };
export const key: paths["/{key}"]["put"]["parameters"]["path"] = { key: "foo" };
export const batch: components["schemas"]["Batch"] = { steps: [{ op: "put", key: "a", value: "1" }] };
// @ts-expect-error There is no such state.
export const wrong: components["schemas"]["JobControl"] = { state: "asleep" };
`;

/** Runs a program from npm; its output is shown when it fails. */
async function npx(cwd: string, spec: string, args: string[]): Promise<void> {
  const command = new Deno.Command("npx", { args: ["-y", ...spec.split(" "), ...args], cwd });
  const { success, stdout, stderr } = await command.output();
  if (success) return console.log(`ok: ${args[0]}`);
  await Deno.stderr.write(stdout);
  await Deno.stderr.write(stderr);
  Deno.exit(1);
}

const directory = await Deno.makeTempDir({ prefix: "stint-contract-" });
try {
  await Deno.writeTextFile(`${directory}/client.ts`, CLIENT);
  await npx(directory, "-p @redocly/cli@2.77.0", ["redocly", "lint", "--max-problems=50", CONTRACT]);
  await npx(directory, "-p openapi-typescript@7.13.0", ["openapi-typescript", CONTRACT, "-o", "contract.ts"]);
  const options =
    "--noEmit --strict --target es2022 --module esnext --moduleResolution bundler --allowImportingTsExtensions";
  await npx(directory, "-p typescript@5.9.3", ["tsc", ...options.split(" "), "client.ts"]);
} finally {
  await Deno.remove(directory, { recursive: true });
}
