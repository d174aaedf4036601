import assert from "node:assert/strict";
import { drain } from "../../../lib/server/drain.ts";
import { Gate, type Handler } from "../../../lib/server/gate.ts";
import { listen } from "../../../lib/server/listen.ts";
import { RawConnection } from "../../helpers/raw_exchange.ts";

/** A server that answers with `handler`, and what happened while it drained. */
function start(handler: Handler, seconds: number, onDrain: () => void = () => {}) {
  const steps: string[] = [];
  const gate = new Gate();
  const listener = listen({ host: "127.0.0.1", port: 0 }, gate.around(handler));
  const stop = () =>
    drain(gate, listener, seconds, {
      onDrain: () => {
        steps.push("drain");
        onDrain();
      },
      close: () => void steps.push("close"),
    });
  return { address: listener.url, gate, steps, stop };
}

Deno.test("an upload that is under way may finish while the server drains", async () => {
  const begun = Promise.withResolvers<void>();
  const server = start(async (request) => {
    let size = 0;
    for await (const chunk of request.body!) {
      size += chunk.length;
      begun.resolve();
    }
    return new Response(`got ${size}`);
  }, 30);
  using connection = await RawConnection.open(server.address);
  await connection.send("PUT /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 6\r\n\r\nabc");
  await begun.promise;
  const stopped = server.stop();
  await connection.send("def");
  assert.match(await connection.until(), /got 6$/);
  await stopped;
  assert.deepEqual(server.steps, ["drain", "close"]);
});

Deno.test("a download that is under way may finish while the server drains", async () => {
  const go = Promise.withResolvers<void>();
  const server = start(() => {
    let parts = 0;
    const body = new ReadableStream({
      async pull(controller) {
        if (parts++ === 1) await go.promise;
        if (parts > 3) return controller.close();
        controller.enqueue(new TextEncoder().encode("part"));
      },
    });
    return new Response(body);
  }, 30);
  const response = await fetch(server.address);
  const stopped = server.stop();
  go.resolve();
  assert.equal(await response.text(), "partpartpart");
  await stopped;
});

Deno.test("what waits is ended by the hook, and its answer still goes out", async () => {
  const held = Promise.withResolvers<Response>();
  const server = start(() => held.promise, 30, () => held.resolve(new Response("go home", { status: 503 })));
  const answer = fetch(server.address);
  while (server.gate.inside === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.stop();
  const response = await answer;
  assert.deepEqual([response.status, await response.text()], [503, "go home"]);
});

Deno.test("requests are still accepted while others finish, so that probes can see it draining", async () => {
  const slow = Promise.withResolvers<Response>();
  const server = start((request) => request.url.endsWith("/slow") ? slow.promise : new Response("draining"), 30);
  const first = fetch(`${server.address}slow`);
  while (server.gate.inside === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const stopped = server.stop();
  assert.equal(server.gate.closing, true);
  assert.equal(await (await fetch(server.address)).text(), "draining");
  slow.resolve(new Response("done"));
  assert.equal(await (await first).text(), "done");
  await stopped;
});

Deno.test("nothing is let go before the hook is done, however long that takes", async () => {
  const done = Promise.withResolvers<void>();
  const steps: string[] = [];
  const gate = new Gate();
  const listener = listen({ host: "127.0.0.1", port: 0 }, gate.around(() => new Response("ok")));
  const stopped = drain(gate, listener, 0, {
    onDrain: () => done.promise.then(() => void steps.push("drained")),
    close: () => void steps.push("closed"),
  });
  // The server's own answer takes longer than what would follow without waiting.
  assert.equal(await (await fetch(listener.url)).text(), "ok");
  done.resolve();
  await stopped;
  assert.deepEqual(steps, ["drained", "closed"]);
});

Deno.test("an answer that is on its way when nothing may wait still arrives", async () => {
  const held = Promise.withResolvers<Response>();
  const server = start(() => held.promise, 0, () => held.resolve(new Response("x".repeat(1000))));
  using connection = await RawConnection.open(server.address);
  await connection.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  while (server.gate.inside === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.stop();
  assert.match(await connection.until(), /x{1000}$/);
});

Deno.test("a request that never ends is cut off when its time is over", async () => {
  const never = Promise.withResolvers<Response>();
  const server = start(() => never.promise, 0.1);
  const answer = fetch(server.address).then((response) => response.text());
  while (server.gate.inside === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await server.stop();
  assert.deepEqual(server.steps, ["drain", "close"]);
  // The process would end here; the test lets go in order.
  never.resolve(new Response("late"));
  await answer;
});
