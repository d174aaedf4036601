import assert from "node:assert/strict";
import { type Service, startService } from "../helpers/service.ts";
import { type Document, type Operation, operationsOf } from "./support/document.ts";
import { fuzz } from "./support/fuzz.ts";

const SECONDS = Number(Deno.env.get("STINT_FUZZ_SECONDS") ?? 20);
const SEED = Number(Deno.env.get("STINT_FUZZ_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]! >>> 2);

const DOCUMENT: Document = JSON.parse(
  Deno.readTextFileSync(new URL("../../openapi/openapi.json", import.meta.url)),
);

Deno.test(`whatever is asked for, the answer is one that openapi.json has (STINT_FUZZ_SEED=${SEED})`, async () => {
  await using service = await startService();
  const { requests, faults, seen } = await fuzz({ service, document: DOCUMENT, seed: SEED, seconds: SECONDS });
  assert.equal(faults.length, 0, `${faults.length} of ${requests} answers:\n  ${faults.join("\n  ")}`);
  for (const { method, path } of operationsOf(DOCUMENT)) {
    const statuses = [...seen.get(`${method} ${path}`) ?? []];
    assert.ok(statuses.length > 0, `${method} ${path} was not asked for`);
    console.log(`${method} ${path}: ${statuses.sort().join(" ")}`);
  }
  console.log(`${requests} requests`);
  const internal = (await service.errors()).filter(({ code }) => code === "internal");
  assert.deepEqual(internal, []);
});

/** What the fuzzer says of a server whose document has become another one. */
async function afterChange(service: Service, path: string, change: (document: Document) => void): Promise<string> {
  const document = structuredClone(DOCUMENT);
  change(document);
  const only = (operation: Operation) => operation.path === path;
  return (await fuzz({ service, document, seed: 1, seconds: 0, least: 600, only })).faults.join("\n");
}

Deno.test("the fuzzer finds a status, a property, a header field and a refusal that the document lacks", async () => {
  await using service = await startService();
  assert.equal(await afterChange(service, "/api/jobs", () => {}), "");
  assert.match(
    await afterChange(service, "/api/jobs", ({ paths }) => delete paths["/api/jobs"]!.get!.responses["200"]),
    /GET \/api\/jobs: the document has no such status here/,
  );
  assert.match(
    await afterChange(service, "/api/jobs", ({ components }) => delete components.schemas.Job!.properties!.cwd),
    /POST \/api\/jobs: the body does not fit: .*additional properties/,
  );
  assert.match(
    await afterChange(service, "/api/jobs", ({ paths }) => delete paths["/api/jobs"]!.post!.responses["202"]!.headers),
    /POST \/api\/jobs: the document has no header field location here/,
  );
  const words = ({ paths }: Document) => paths["/api/jobs"]!.get!.parameters!.find(({ name }) => name === "q")!;
  assert.match(
    await afterChange(service, "/api/jobs", (document) => words(document).schema = { type: "integer" }),
    /GET \/api\/jobs: a bad q was accepted/,
  );
});
