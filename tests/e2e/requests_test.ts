import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { type Service, startService } from "../helpers/service.ts";

const COUNT = 3000;

function held(service: Service): Promise<Record<string, string>> {
  return service.call("GET", "/api/serverStatus").then((answer) => answer.json<Record<string, string>>());
}

/** One request on a connection of its own; gives the connection, on which the answer will come. */
async function open(service: Service, connId: number, timeout: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: service.port });
  const text = `GET /api/request?connId=${connId}&timeout=${timeout} HTTP/1.1\r\n` +
    `Host: 127.0.0.1:${service.port}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(text));
  return connection;
}

/** The whole answer, as text. */
function answerOf(connection: Deno.TcpConn): Promise<string> {
  return new Response(connection.readable).text();
}

Deno.test("3,000 requests are held at once, listed, killed one by one, and all the others end ok", async () => {
  await using service = await startService();
  // Long enough for the slowest machine to open them all; the rest is killed, so nobody waits for it.
  const connections: Deno.TcpConn[] = [];
  for (let from = 0; from < COUNT; from += 100) {
    const some = Array.from({ length: 100 }, (_, i) => open(service, from + i, from + i < COUNT - 100 ? 12 : 3600));
    connections.push(...await Promise.all(some));
  }
  const answers = connections.map(answerOf);
  const listed = await eventually("all are listed", async () => {
    const found = await held(service);
    return Object.keys(found).length === COUNT && found;
  });
  for (const [connId, left] of Object.entries(listed)) {
    assert.ok(Number(connId) < COUNT);
    assert.match(left, /^\d+$/);
  }
  const kills = await Promise.all(
    Array.from({ length: 100 }, (_, i) => service.call("PUT", "/api/kill", { json: { connId: COUNT - 1 - i } })),
  );
  assert.ok(kills.every(({ status, text }) => status === 200 && text.trim() === '{"status":"ok"}'));
  const ended = await Promise.all(answers);
  ended.forEach((text, connId) => {
    const [status, body] = connId < COUNT - 100 ? ["200 OK", '{"status":"ok"}'] : ["500 ", '{"status":"killed"}'];
    assert.ok(text.startsWith(`HTTP/1.1 ${status}`), `${connId}: ${text}`);
    assert.ok(text.includes(body), `${connId}: ${text}`);
  });
  assert.deepEqual(await held(service), {});
});

Deno.test("a client that leaves frees its connId at once", async () => {
  await using service = await startService();
  for (let round = 0; round < 5; round++) {
    const controller = new AbortController();
    const leaving = service.call("GET", "/api/request?connId=7&timeout=3600", { signal: controller.signal })
      .catch((error) => error.name);
    await eventually("it is held", async () => (await held(service))["7"] !== undefined);
    controller.abort();
    assert.equal(await leaving, "AbortError");
    await eventually("it is free", async () => (await held(service))["7"] === undefined);
  }
  assert.equal((await service.call("GET", "/api/request?connId=7&timeout=0")).text.trim(), '{"status":"ok"}');
});

Deno.test("a hundred clients that break their connections off leave nothing behind", async () => {
  await using service = await startService();
  const connections = await Promise.all(Array.from({ length: 100 }, (_, i) => open(service, i, 3600)));
  await eventually("all are held", async () => Object.keys(await held(service)).length === 100);
  for (const connection of connections) connection.close();
  await eventually("none is held", async () => Object.keys(await held(service)).length === 0);
});

Deno.test("the time left counts down, and timeouts may have decimals", async () => {
  await using service = await startService();
  const running = service.call("GET", "/api/request?connId=1&timeout=2.5");
  const seen = new Set<string>();
  await eventually("it counts down to nothing", async () => {
    const left = (await held(service))["1"];
    if (left !== undefined) seen.add(left);
    return left === undefined && seen.size > 0;
  });
  for (const left of seen) assert.ok(["3", "2", "1"].includes(left), left);
  assert.equal((await running).status, 200);
});

Deno.test("the largest connId is held under its own name, and --max-hold is the longest time", async () => {
  await using service = await startService({ args: ["--max-hold", "100"] });
  const largest = Number.MAX_SAFE_INTEGER;
  const running = service.call("GET", `/api/request?connId=${largest}&timeout=100`);
  await eventually("it is held", async () => (await held(service))[String(largest)] !== undefined);
  assert.equal((await service.call("GET", "/api/request?connId=1&timeout=100.5")).status, 400);
  assert.equal((await service.call("PUT", "/api/kill", { json: { connId: largest } })).status, 200);
  assert.equal((await running).status, 500);
});
