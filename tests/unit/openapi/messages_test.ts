import assert from "node:assert/strict";
import { z } from "zod";
import { useMessages } from "../../../openapi/messages.ts";

useMessages();

function saidOf(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value).error?.issues[0]?.message;
}

Deno.test("what is missing, or of another kind, is named in the words of the contract", () => {
  assert.equal(saidOf(z.object({ a: z.string() }), {}), "It is missing");
  assert.equal(saidOf(z.string(), ["a", "b"]), "Send one text, not several");
  assert.equal(saidOf(z.string(), 1), "Send a text");
  assert.equal(saidOf(z.number(), "1"), "Send a number");
  assert.equal(saidOf(z.int(), 1.5), "Send a whole number");
  assert.equal(saidOf(z.boolean(), "true"), "Send true or false");
  assert.equal(saidOf(z.array(z.string()), "a"), "Send a list");
  assert.equal(saidOf(z.strictObject({}), null), "Send an object");
  assert.equal(saidOf(z.record(z.string(), z.string()), "a"), "Send an object");
});

Deno.test("what is none of the values names those that there are", () => {
  assert.equal(saidOf(z.enum(["a", "b"]), "c"), "Send one of a, b");
  assert.equal(saidOf(z.literal("a"), "c"), "Send a");
  const steps = z.discriminatedUnion("op", [
    z.object({ op: z.literal("put") }),
    z.object({ op: z.literal("delete") }),
  ]);
  assert.equal(saidOf(steps, { op: "x" }), "Send one of put, delete");
});

Deno.test("what is too small or too large names the limit", () => {
  assert.equal(saidOf(z.string().min(1), ""), "It is empty");
  assert.equal(saidOf(z.string().min(2), "a"), "Send at least 2 characters");
  assert.equal(saidOf(z.string().max(2), "abc"), "Send at most 2 characters");
  assert.equal(saidOf(z.array(z.string()).max(1), ["a", "b"]), "Send at most 1 of them");
  assert.equal(saidOf(z.number().min(0), -1), "Send at least 0");
  assert.equal(saidOf(z.number().positive(), 0), "Send more than 0");
  assert.equal(saidOf(z.number().lt(5), 5), "Send less than 5");
});

Deno.test("a bad name in an object says why, and a schema's own message goes first", () => {
  const names = z.record(z.string().regex(/^[^:]*$/, { error: "It contains no colon" }), z.string());
  assert.equal(saidOf(names, { "a:b": "" }), "The name is not one that is taken: It contains no colon");
  assert.equal(saidOf(z.string({ error: "Send a name" }), 1), "Send a name");
});
