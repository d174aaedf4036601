import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { RawConnection } from "../helpers/raw_exchange.ts";
import { runProgram } from "../helpers/program.ts";
import { startService } from "../helpers/service.ts";
import type { ProblemView } from "../helpers/views.ts";

Deno.test("--rate-limit counts every request that is not public, says how one stands, and refuses with 429", async () => {
  await using service = await startService({ args: ["--rate-limit", "4/3600"] });
  const seen = [];
  for (const [method, path] of [["PUT", "/a"], ["GET", "/a"], ["GET", "/api/jobs"], ["GET", "/api/keys/a"]]) {
    const { status, headers } = await service.call(method!, path!, method === "PUT" ? { body: "1" } : {});
    assert.ok(status < 300);
    assert.equal(headers.get("ratelimit-policy"), '"default";q=4;w=3600');
    const [, left, resets] = /^"default";r=(\d+);t=(\d+)$/.exec(headers.get("ratelimit")!)!;
    assert.ok(Number(resets) > 3000 && Number(resets) <= 3600);
    seen.push(Number(left));
  }
  assert.deepEqual(seen, [3, 2, 1, 0]);
  for (const [method, path] of [["GET", "/a"], ["PUT", "/a"], ["GET", "/api/jobs"], ["DELETE", "/api/jobs/1"]]) {
    const refused = await service.call(method!, path!, method === "PUT" ? { body: "2" } : {});
    assert.deepEqual([refused.status, refused.json<ProblemView>().code], [429, "rate_limited"]);
    assert.ok(Number(refused.headers.get("retry-after")) > 3000);
    assert.match(refused.headers.get("ratelimit")!, /^"default";r=0;t=\d+$/);
  }
  for (const path of ["/-/healthy", "/-/ready", "/openapi.json", "/"]) {
    const { status, headers } = await service.call("GET", path);
    assert.deepEqual([status, headers.get("ratelimit")], [200, null], path);
  }
});

Deno.test("a token's own rate goes before the server's, and is nobody else's", async () => {
  await using service = await startService();
  const make = async (...args: string[]) => {
    const { stdout } = await runProgram(["token", "create", "--scope", "keys:write", ...args, "--data", service.data]);
    return { authorization: `Bearer ${stdout.trim()}` };
  };
  const [slow, free] = [await make("--name", "slow", "--rate-limit", "1/3600"), await make("--name", "free")];
  const ask = (headers: Record<string, string>) => service.call("PUT", "/a", { headers, body: "1" });
  await eventually("a token is asked for", async () => (await ask({})).status === 401);
  assert.equal((await ask(free)).headers.get("ratelimit"), null);
  assert.match((await ask(slow)).headers.get("ratelimit-policy")!, /q=1;w=3600/);
  assert.equal((await ask(slow)).status, 429);
  assert.equal((await ask(free)).status, 204);
});

Deno.test("--max-connections refuses with 503 beyond it, lets probes in, and takes more when some have gone", async () => {
  await using service = await startService({ args: ["--max-connections", "3"] });
  const left = new AbortController();
  const stream = await fetch(`${service.url}/api/events`, { signal: left.signal });
  const holds = [1, 2].map((id) => service.call("GET", `/api/request?connId=${id}&timeout=1000`));
  await eventually("two are held", async () => (await service.call("GET", "/-/ready")).status === 200 && full());
  async function full() {
    const { status, headers, json } = await service.call("GET", "/foo");
    if (status !== 503) return false;
    assert.equal(json<ProblemView>().code, "too_many_connections");
    assert.equal(headers.get("connection"), "close");
    assert.ok(headers.get("retry-after") && headers.get("x-request-id"));
    return true;
  }
  assert.equal((await service.call("PUT", "/foo", { body: "1" })).status, 503);
  assert.equal((await service.call("GET", "/-/healthy")).status, 200);
  left.abort();
  await stream.body?.cancel().catch(() => {});
  await eventually("there is room", async () => (await service.call("GET", "/api/serverStatus")).status === 200);
  for (const connId of [1, 2]) {
    await eventually("it is killed", async () => {
      return (await service.call("PUT", "/api/kill", { json: { connId } })).status === 200;
    });
  }
  for (const hold of holds) assert.equal((await hold).status, 500);
});

/** What has to come of a body that stops halfway. */
const STALLS: [string, string][] = [
  ["POST /api/jobs", 'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"command":'],
  ["POST /api/jobs", "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"],
  ["PUT /foo", "Content-Length: 10\r\n\r\nabc"],
  ["PUT /foo", "Content-Length: 10\r\n\r\n"],
  ["PUT /api/keys/foo", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"],
  ["PUT /foo?ttl=1.5", "Content-Length: 10\r\n\r\nabc"],
  ["PUT /api/kill", "Content-Length: 10\r\n\r\n{"],
  ["POST /api/session", "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"],
  ["POST /upload/new/WORKER", "Content-Length: 10\r\n\r\nabc"],
  [
    "POST /upload/new/WORKER",
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 200\r\n\r\n--x\r\nContent-Disp",
  ],
  [
    "POST /upload/new/WORKER",
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 200\r\n\r\n--x\r\nContent-Disposition: form-data; " +
    'name="a"; filename="a"\r\n\r\nhalf of it',
  ],
  ["POST /job/new/WORKER", "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"],
];

Deno.test("a body of which nothing comes any more is 408, whoever reads it, and changes nothing", async () => {
  await using service = await startService({ args: ["--body-timeout", "0.5", "--slots", "9"] });
  await Promise.all(STALLS.map(async ([line, rest]) => {
    const worker = line.includes("WORKER")
      ? (await service.call("GET", "/new_job")).json<{ "worker-id": string }>()["worker-id"]
      : "";
    using connection = await RawConnection.open(service.url);
    await connection.send(`${line.replace("WORKER", worker)} HTTP/1.1\r\nHost: localhost\r\n${rest}`);
    const text = await connection.until((text) => text.includes("body_stalled"));
    assert.match(text, /^HTTP\/1\.1 408 /, line);
    assert.match(text, /\r\nconnection: close\r\n/i, line);
    assert.match(text, /"code":"body_stalled"/, line);
    if (!line.includes("upload")) return;
    const { status } = (await service.call("GET", `/status/${worker}`)).json<{ status: string }>();
    assert.ok(["failed", "reserved"].includes(status), status);
  }));
  assert.equal((await service.call("GET", "/foo")).status, 404);
  assert.deepEqual((await service.call("GET", "/api/jobs")).json<{ jobs: unknown[] }>().jobs, []);
  assert.deepEqual((await service.call("GET", "/api/files")).json<{ files: unknown[] }>().files, []);
});

Deno.test("a body that comes slowly is not stalled, nor is an upload that is paused", async () => {
  await using service = await startService({ args: ["--body-timeout", "1"] });
  const id = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>()["worker-id"];
  using upload = await RawConnection.open(service.url);
  await upload.send(
    `POST /upload/new/${id}?name=slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 6\r\n\r\nab`,
  );
  const bytes = async () => (await service.call("GET", `/status/${id}`)).json<{ bytes: number }>().bytes;
  await eventually("it has begun", async () => await bytes() === 2);
  assert.equal((await service.call("POST", `/modify/${id}/paused`)).status, 200);
  using slow = await RawConnection.open(service.url);
  await slow.send("PUT /foo?ttl=999.5 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 12\r\n\r\n");
  for (const letter of "twelve bytes") {
    await slow.send(letter);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.match(await slow.until(), /^HTTP\/1\.1 201 /);
  // Three times as long as a body may be silent.
  const { status } = (await service.call("GET", `/status/${id}`)).json<{ status: string }>();
  assert.equal(status, "paused");
  assert.equal((await service.call("POST", `/modify/${id}/running`)).status, 200);
  await upload.send("cdef");
  assert.match(await upload.until(), /^HTTP\/1\.1 200 [\s\S]*"status":"completed"/);
});

Deno.test("half-sent bodies do not keep a server from stopping", async () => {
  await using service = await startService({ args: ["--body-timeout", "none", "--drain", "0.2"] });
  using one = await RawConnection.open(service.url);
  using other = await RawConnection.open(service.url);
  await one.send("PUT /foo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
  await other.send(
    "POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
  );
  assert.equal((await service.call("GET", "/-/ready")).status, 200);
  assert.equal(await service.stop(), 0);
});

Deno.test("held requests, streams and reservations are bounded for each caller", async () => {
  const args = ["--max-holds", "1", "--max-streams", "1", "--max-reservations", "1", "--slots", "4"];
  await using service = await startService({ args });
  const held = service.call("GET", "/api/request?connId=1&timeout=1000");
  await eventually("it is held", async () => (await service.call("GET", "/api/serverStatus")).text.includes('"1"'));
  const left = new AbortController();
  const { json: job } = await service.call("POST", "/api/jobs", { json: { command: "sleep 600" } });
  const id = job<{ job_id: number }>().job_id;
  const stream = await fetch(`${service.url}/api/events`, { signal: left.signal });
  const worker = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>()["worker-id"];
  const paths = ["/api/request?connId=2&timeout=1", "/new_job", "/api/events", "/api/keys/events"]
    .concat(`/api/jobs/${id}/output`, `/api/jobs/${id}/stdout?follow=true`);
  for (const path of paths) {
    const { status, headers, json } = await service.call("GET", path);
    assert.deepEqual([status, json<ProblemView>().code], [429, "too_many_open"], path);
    assert.match(json<ProblemView>().detail, /^1 .*--max-(holds|streams|reservations)/);
    assert.equal(headers.get("retry-after"), "1");
  }
  // What is over is no longer counted.
  await service.call("PUT", "/api/kill", { json: { connId: 1 } });
  assert.equal((await held).status, 500);
  assert.equal((await service.call("GET", "/api/request?connId=2&timeout=0")).status, 200);
  assert.equal((await service.call("POST", `/modify/${worker}/terminated`)).status, 200);
  assert.equal((await service.call("GET", "/new_job")).status, 200);
  left.abort();
  await stream.body?.cancel().catch(() => {});
  await service.call("PATCH", `/api/jobs/${id}`, { json: { state: "terminated" } });
  for (let round = 0; round < 3; round++) {
    await eventually("a stream may be opened", async () => {
      return (await service.call("GET", `/api/jobs/${id}/stdout?follow=true`)).status === 200;
    });
    await eventually("and events of output", async () => {
      return (await service.call("GET", `/api/jobs/${id}/output`)).status === 200;
    });
  }
});
