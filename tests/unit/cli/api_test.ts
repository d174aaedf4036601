import assert from "node:assert/strict";
import { Again, isPassing, pause } from "../../../cli/api/again.ts";
import { Client, Unreachable } from "../../../cli/api/client.ts";
import { Refusal } from "../../../cli/api/problem.ts";
import { all, entries } from "../../../cli/api/pages.ts";
import { keepReading } from "../../../cli/jobs/live_list.ts";

const lost = () => new Unreachable("http://a:1", new Error("connection refused"));
const refused = (status: number, code?: string) =>
  new Refusal(status, code ? { code: code as "internal" } : {}, undefined);

Deno.test("what passes is waited for: lost connections, a server that stops, is busy, or is behind one that cannot reach it", () => {
  const passing = [
    lost(),
    refused(429, "rate_limited"),
    refused(502),
    refused(503),
    refused(503, "shutting_down"),
    refused(504),
  ];
  assert.deepEqual(passing.map(isPassing), passing.map(() => true));
  const lasting = [
    refused(401, "unauthorized"),
    refused(404, "not_found"),
    refused(503, "storage_failed"),
    new Error("x"),
  ];
  assert.deepEqual(lasting.map(isPassing), lasting.map(() => false));
});

Deno.test("a server that was never reached, or is away for too long, is an error", async () => {
  await assert.rejects(new Again().wait(lost()), Unreachable);
  const told: string[] = [];
  const again = new Again({ limit: 0, onLoss: () => told.push("lost"), onReturn: () => told.push("back") });
  again.ok();
  await again.wait(lost());
  again.ok();
  assert.deepEqual(told, ["lost", "back"]);
  await again.wait(lost());
  await assert.rejects(again.wait(lost()), /No server answers/);
});

Deno.test("who detaches waits for no pause between two attempts", async () => {
  const leaving = new AbortController();
  const late = Promise.withResolvers<void>();
  const limit = setTimeout(() => late.reject(new Error("it waits on")), 10_000);
  const pausing = pause(60_000, leaving.signal);
  leaving.abort();
  await Promise.race([pausing, late.promise]);
  await Promise.race([pause(60_000, leaving.signal), late.promise]);
  clearTimeout(limit);
});

Deno.test("a server that takes connections and never answers is given up, and said to be silent", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = new Client({ url: `http://127.0.0.1:${listener.addr.port}` });
  await assert.rejects(client.request("GET", "/api/jobs", { limit: 100 }), (error: Unreachable) => {
    return error instanceof Unreachable && /no answer within/.test(error.message) && /firewall/.test(error.hint ?? "");
  });
});

Deno.test("a live list outlives an answer that is refused for a while, and reads again", async () => {
  let asked = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    if (new URL(request.url).pathname === "/api/events") {
      // A stream on which nothing happens after the first event.
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("id: 1\nevent: hello\ndata: {}\n\n")),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    }
    return asked++ === 0 ? Response.json({ code: "rate_limited" }, { status: 429 }) : Response.json(["job"]);
  });
  const over = new AbortController();
  const client = new Client({ url: `http://127.0.0.1:${server.addr.port}` });
  const troubles: (string | undefined)[] = [];
  await keepReading<string[]>(client, {
    types: "jobs",
    read: () => client.json("GET", "/api/jobs"),
    show: () => setTimeout(() => over.abort()),
    onConnection: (trouble) => troubles.push(trouble),
    signal: over.signal,
  });
  assert.ok(troubles.some((each) => each?.includes("429")), String(troubles));
  assert.equal(troubles.at(-1), undefined);
  await server.shutdown();
});

Deno.test("a list that is longer than a page comes whole, page after page, and no longer than is asked for", async () => {
  const pages: Record<string, [number[], string?]> = { "": [[1, 2], "b"], b: [[3, 4], "c"], c: [[5]] };
  const asked: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const query = new URL(request.url).searchParams;
    asked.push(query.get("limit"));
    const [jobs, next] = pages[query.get("cursor") ?? ""]!;
    return Response.json({ jobs }, { headers: next ? { link: `</api/jobs?cursor=${next}>; rel="next"` } : {} });
  });
  const client = new Client({ url: `http://127.0.0.1:${server.addr.port}` });
  const list = (limit?: number) => all(entries<number>(client, "/api/jobs", { member: "jobs", limit }));
  assert.deepEqual(await list(), [1, 2, 3, 4, 5]);
  asked.length = 0;
  assert.deepEqual(await list(4), [1, 2, 3, 4]);
  assert.deepEqual(asked, ["4", "2"]);
  await server.shutdown();
});
