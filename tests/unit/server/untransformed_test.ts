import assert from "node:assert/strict";
import { untransformed } from "../../../lib/server/untransformed.ts";

const from = { remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 } } as const;

Deno.test("a runtime that would compress answers is asked not to, in the one line that it reads", async () => {
  for (
    const [fields, expected] of [[{}, "no-transform"], [{ "cache-control": "no-cache" }, "no-cache, no-transform"]]
  ) {
    const handler = untransformed(() => new Response("x", { headers: fields as HeadersInit }), "2.4.2");
    const { headers } = await handler(new Request("http://localhost/"), from);
    assert.deepEqual([...headers].filter(([name]) => name === "cache-control"), [["cache-control", expected]]);
  }
});

Deno.test("one that leaves them alone is left alone", () => {
  const handler = () => new Response("x");
  assert.equal(untransformed(handler, "2.9.6"), handler);
  assert.equal(untransformed(handler, "3.0.0"), handler);
});
