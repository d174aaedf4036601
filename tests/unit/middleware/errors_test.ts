import assert from "node:assert/strict";
import { HTTPException } from "hono/http-exception";
import { z } from "zod";
import { Problem } from "../../../lib/domain/errors.ts";
import { PROBLEMS } from "../../../openapi/problem_codes.ts";
import { problemResponse } from "../../../routes/middleware/errors.ts";
import { problemOfZod } from "../../../routes/middleware/validation.ts";
import { appWith, ask, codeOf } from "../../helpers/stack_app.ts";

function throwing(error: Error) {
  const app = appWith();
  app.get("/x", () => {
    throw error;
  });
  return ask(app, "/x");
}

Deno.test("a problem becomes a problem document with its headers", async () => {
  const response = await throwing(
    new Problem("no_slot", "All 4 slots are taken.", {
      retryAfter: 1.2,
      allow: ["GET", "PUT"],
      location: "/api/statuses/1",
      members: { state: "full", status: 1 },
    }),
  );
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("content-type"), "application/problem+json; charset=utf-8");
  assert.equal(response.headers.get("retry-after"), "2");
  assert.equal(response.headers.get("allow"), "GET, PUT");
  assert.equal(response.headers.get("location"), "/api/statuses/1");
  assert.deepEqual(await response.json(), {
    state: "full",
    type: "urn:stint:problem:no_slot",
    title: "No slot is free",
    status: 503,
    detail: "All 4 slots are taken.",
    code: "no_slot",
    request_id: response.headers.get("x-request-id"),
  });
});

Deno.test("what nobody foresaw is 500 internal and says nothing of the inside", async () => {
  const response = await throwing(new TypeError("cannot read secret of undefined"));
  assert.equal(response.status, 500);
  const text = await response.text();
  assert.doesNotMatch(text, /secret|\.ts/);
  assert.equal(JSON.parse(text).code, "internal");
});

Deno.test("the framework's own refusals become problem documents", async () => {
  const code = async (status: 400 | 413 | 415 | 500, message: string) =>
    await codeOf(await throwing(new HTTPException(status, { message })));
  assert.equal(await code(400, "Malformed JSON in request body"), "malformed_json");
  assert.equal(await code(400, "Malformed FormData request."), "invalid_request");
  assert.equal(await code(413, "Payload too large"), "too_large");
  assert.equal(await code(415, "x"), "unsupported_media_type");
  assert.equal(await code(500, "x"), "internal");
});

Deno.test("what a schema finds wrong has a pointer for each field", () => {
  const schema = z.strictObject({ argv: z.array(z.string()), "a/b~": z.number() });
  const { error } = schema.safeParse({ argv: ["a", 1], "a/b~": 1, extra: 1, more: 2 });
  const problem = problemOfZod(error!, "json");
  assert.equal(problem.code, "invalid_request");
  assert.deepEqual(problem.extras.errors?.map((each) => each.pointer), ["/argv/1", "/extra", "/more"]);
  const other = schema.safeParse({ argv: [], "a/b~": "x" });
  assert.deepEqual(problemOfZod(other.error!, "json").extras.errors?.map((each) => each.pointer), ["/a~1b~0"]);
});

Deno.test("pointers of parameters name where they stood", () => {
  const { error } = z.strictObject({ limit: z.number() }).safeParse({ limit: "x", lmit: 1 });
  assert.deepEqual(problemOfZod(error!, "query").extras.errors?.map((each) => each.pointer), [
    "query/limit",
    "query/lmit",
  ]);
  assert.equal(problemOfZod(error!, "param").code, "invalid_request");
  const id = z.strictObject({ id: z.number() }).safeParse({ id: "x" });
  assert.equal(problemOfZod(id.error!, "param").code, "invalid_id");
});

Deno.test("a document's own status goes before the code's", async () => {
  const app = appWith();
  app.get("/x", (c) => problemResponse(c, new Problem("invalid_transition", "It has ended."), 400));
  const response = await ask(app, "/x");
  assert.equal(response.status, 400);
  assert.equal((await response.json()).status, 400);
});

Deno.test("every code has a status of 4xx or 5xx and a title of its own", () => {
  const all = Object.values(PROBLEMS);
  assert(all.every(({ status }) => status >= 400 && status < 600));
  assert.equal(new Set(all.map(({ title }) => title)).size, all.length);
});
