import assert from "node:assert/strict";
import { untransformed } from "../../../lib/server/untransformed.ts";
import { exchange } from "../../helpers/raw_exchange.ts";

Deno.test("a runtime that would compress answers is asked not to, in the one line that it reads", async () => {
  for (
    const [fields, expected] of [[{}, "no-transform"], [{ "cache-control": "no-cache" }, "no-cache, no-transform"]]
  ) {
    const handler = untransformed(() => new Response("x", { headers: fields as HeadersInit }), "2.4.2");
    // As it goes over the wire: fields of one name are one to whoever asks `Headers`.
    await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
    const answer = await exchange(
      `http://127.0.0.1:${server.addr.port}/`,
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    const lines = answer.split("\r\n").filter((line) => /^cache-control:/i.test(line));
    assert.deepEqual(lines.map((line) => line.toLowerCase()), [`cache-control: ${expected}`]);
  }
});

Deno.test("one that leaves them alone is left alone", () => {
  const handler = () => new Response("x");
  for (const version of ["2.9.6", "2.10.0", "3.0.0"]) assert.equal(untransformed(handler, version), handler);
});
