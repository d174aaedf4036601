import assert from "node:assert/strict";
import { Gate } from "../../../lib/server/gate.ts";

const CALLER = { remoteAddr: { transport: "tcp" as const, hostname: "127.0.0.1", port: 1 } };
const REQUEST = new Request("http://localhost/");

Deno.test("who is inside is counted until the answer is there, also when there is none", async () => {
  const gate = new Gate();
  const answer = Promise.withResolvers<Response>();
  const answering = gate.around(() => answer.promise)(REQUEST, CALLER);
  assert.equal(gate.inside, 1);
  answer.resolve(new Response());
  await answering;
  assert.equal(gate.inside, 0);
  const failing = gate.around(() => Promise.reject(new Error("broken")));
  await assert.rejects(Promise.resolve(failing(REQUEST, CALLER)), /broken/);
  assert.equal(gate.inside, 0);
});

Deno.test("a closing gate is empty when the last one has left, not when somebody left before it closed", async () => {
  const gate = new Gate();
  await gate.around(() => new Response())(REQUEST, CALLER);
  const answer = Promise.withResolvers<Response>();
  const answering = gate.around(() => answer.promise)(REQUEST, CALLER);
  let empty = false;
  const closed = gate.close().then(() => empty = true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual([gate.closing, empty], [true, false]);
  answer.resolve(new Response());
  await answering;
  await closed;
});

Deno.test("an empty gate closes at once", async () => {
  const gate = new Gate();
  assert.equal(gate.closing, false);
  await gate.close();
  assert.equal(gate.closing, true);
});
