import assert from "node:assert/strict";
import type { ErrorCode } from "../../lib/domain/errors.ts";
import { buildDocument, documentText } from "../../openapi/document.ts";
import { PROBLEMS, typeOf } from "../../openapi/problem_codes.ts";
import { typesHead } from "../../scripts/contract_types.ts";

interface Operation {
  summary?: string;
  operationId?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  responses: Record<string, { description?: string; content?: Record<string, unknown> }>;
  parameters?: { name: string; description?: string }[];
}

const METHODS = ["get", "put", "post", "patch", "delete"] as const;
const document = buildDocument();
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const operation = item[method] as Operation | undefined;
    return operation ? [{ where: `${method.toUpperCase()} ${path}`, operation }] : [];
  })
);

Deno.test("openapi.json is what the routes say (else: deno task openapi)", async () => {
  const committed = await Deno.readTextFile(new URL("../../openapi/openapi.json", import.meta.url));
  assert.ok(committed === documentText(), "openapi/openapi.json differs from the routes; run: deno task openapi");
});

Deno.test("openapi/types.ts is what openapi.json says (else: deno task openapi)", async () => {
  const committed = await Deno.readTextFile(new URL("../../openapi/types.ts", import.meta.url));
  assert.ok(committed.startsWith(typesHead(documentText())), "openapi/types.ts is old; run: deno task openapi");
});

Deno.test("every operation has a summary, an operationId of its own and a tag that is described", () => {
  const described = new Set(document.tags?.map((tag) => tag.name));
  const ids = new Set<string>();
  for (const { where, operation } of operations) {
    assert.ok(operation.summary, where);
    assert.ok(operation.operationId && !ids.has(operation.operationId), where);
    ids.add(operation.operationId);
    assert.equal(operation.tags?.length, 1, where);
    assert.ok(described.has(operation.tags![0]!), where);
  }
});

Deno.test("every operation describes its answers, among them a success and a 4xx with a problem document", () => {
  for (const { where, operation } of operations) {
    const statuses = Object.keys(operation.responses);
    assert.ok(statuses.some((status) => status.startsWith("2")), where);
    const refusals = statuses.filter((status) => status.startsWith("4"));
    assert.ok(refusals.length > 0, where);
    for (const status of refusals) {
      assert.ok(operation.responses[status]!.content?.["application/problem+json"], `${where} ${status}`);
    }
    for (const status of statuses) assert.ok(operation.responses[status]!.description, `${where} ${status}`);
  }
});

Deno.test("every operation that wants a token can answer 401 and 403", () => {
  for (const { where, operation } of operations) {
    if (operation.security?.length === 0) continue;
    assert.ok(operation.responses["401"] && operation.responses["403"], where);
  }
});

Deno.test("every operation that takes JSON can answer 413 and 415", () => {
  for (const { where, operation } of operations) {
    const body = (operation as { requestBody?: { content: Record<string, unknown> } }).requestBody;
    if (!body?.content["application/json"]) continue;
    assert.ok(operation.responses["413"] && operation.responses["415"], where);
  }
});

Deno.test("every example of a problem is as the server answers it", () => {
  for (const { where, operation } of operations) {
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const { example } = (content?.["application/problem+json"] ?? {}) as { example?: Record<string, unknown> };
      if (!example) continue;
      const code = example.code as ErrorCode;
      assert.deepEqual(
        [example.status, example.type, example.title],
        [Number(status), typeOf(code), PROBLEMS[code].title],
        `${where} ${status}`,
      );
      // Document 002 has 400 for what a worker's state does not allow.
      if (status !== "400") assert.equal(PROBLEMS[code].status, example.status, `${where} ${status}`);
    }
  }
});

Deno.test("no path of the document carries a regular expression", () => {
  for (const path of Object.keys(document.paths ?? {})) assert.match(path, /^[A-Za-z0-9/._{}-]+$/);
});
