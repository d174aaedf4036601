import assert from "node:assert/strict";
import { listen } from "../../../lib/server/listen.ts";
import { configuredTokens } from "../../../lib/tokens/configured.ts";
import { type TestApp, testApp } from "../../helpers/app.ts";
import { type RawAnswer, rawCall, type RawRequest } from "../../helpers/raw_http.ts";

const METHODS = ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS", "BREW"];

const PATHS = [
  "/foo",
  "/foo/",
  "/missing",
  "/foo?",
  "/foo?ttl=60",
  "/foo?ttl=0",
  "/foo?ttl=060",
  "/foo?ttl=1&ttl=2",
  "/foo?ttl=10000000001",
  "/foo?x=1",
  "/foo?=1",
  "/f%6Fo",
  "/f%2Fo",
  "/foo_bar",
  "/%D0%AF",
  "/" + "a".repeat(255),
  "/" + "a".repeat(256),
  "/" + "a".repeat(9000),
  "//foo",
  "/foo//",
  "/./foo",
  "/../foo",
  "/foo#bar",
  "/foo;x",
  "/",
  "/api",
  "/new_job?x=1",
  "/openapi.json",
  "/-/healthy",
  "/api/keys/foo",
  "/api/keys/foo/",
  "/api/keys/foo?ttl=5",
  "/api/keys/missing",
  "/api/keys/batch",
  "/api/keys/foo_bar",
  "/api/keys//foo",
  "/api/keys/foo/bar",
  "http://127.0.0.1/foo",
  "http://evil.example/foo",
];

const HEADERS: Record<string, string>[] = [
  { "If-Match": "*" },
  { "If-Match": '"1"' },
  { "If-Match": '"999"' },
  { "If-Match": 'W/"1"' },
  { "If-Match": '"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"' },
  { "If-Match": "nonsense" },
  { "If-Match": "" },
  { "If-None-Match": "*" },
  { "If-None-Match": '"1"' },
  { "If-None-Match": 'W/"1", "2", "3", "4", "5", "6"' },
  { "If-None-Match": '"999"' },
  { "If-None-Match": '"a' },
  { "If-Match": "*", "If-None-Match": "*" },
  { "If-Match": '"1"', "If-None-Match": '"1"' },
  { "Host": "evil.example" },
  { "Host": "localhost" },
  { "Host": "LOCALHOST:1" },
  { "Host": "" },
  { "Origin": "http://evil.example" },
  { "Origin": "null" },
  { "Origin": "http://localhost", "Host": "localhost" },
  { "Sec-Fetch-Site": "cross-site" },
  { "Sec-Fetch-Site": "same-origin" },
  { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" },
  { "Authorization": "Bearer right" },
  { "Authorization": "bearer   right  " },
  { "Authorization": "Bearer wrong" },
  { "Authorization": "Basic cmlnaHQ=" },
  { "Content-Type": "application/json; charset=windows-1251" },
  { "Content-Encoding": "gzip" },
  { "Range": "bytes=0-1" },
  { "X-Request-Id": "mine" },
  { "Transfer-Encoding": "chunked" },
  { "Transfer-Encoding": "gzip, chunked" },
  { "Transfer-Encoding": "chunked", "Content-Length": "4" },
];

const BODIES: (string | Uint8Array)[] = [
  "",
  "x",
  "\ufeffx",
  "a\0b",
  "я".repeat(512),
  "я".repeat(513),
  "😀".repeat(256),
  "x".repeat(1024),
  "x".repeat(1025),
  "x".repeat(60_000),
  new Uint8Array([0xff]),
  new Uint8Array([0xc3]),
  new Uint8Array([0xed, 0xa0, 0x80]),
  new Uint8Array([0x61, 0xc0, 0x80]),
];

function* requests(): Generator<RawRequest> {
  // What a method does to one path must not decide over what all the others find there.
  const fresh = { method: "PUT", path: "/foo", body: "there" };
  for (const method of METHODS) {
    for (const path of PATHS) {
      yield fresh;
      yield { method, path, ...(method === "PUT" && { body: "value" }) };
    }
    for (const headers of HEADERS) {
      yield fresh;
      const chunked = headers["Transfer-Encoding"] !== undefined;
      const body = chunked ? "1\r\nx\r\n0\r\n\r\n" : "value";
      yield { method, path: "/foo", headers, ...((method === "PUT" || chunked) && { body }) };
      if (method !== "PUT") yield { method, path: "/missing", headers, ...(chunked && { body }) };
    }
    for (const body of BODIES) {
      // What is long and answered without being read keeps its connection open for a while.
      if (method !== "PUT" && body.length > 2000) continue;
      yield { method, path: "/foo", body };
      yield { method: "GET", path: "/foo" };
    }
  }
  yield { method: "PUT", path: "/foo", headers: { "Content-Length": "x" }, body: "value" };
  yield { method: "PUT", path: "/foo", headers: { "Content-Length": "007" }, body: "1234567" };
  yield { method: "PUT", path: "/foo" };
}

/** What two answers to one request have in common. */
function shape({ status, headers, text }: RawAnswer) {
  const fields = Object.fromEntries(headers);
  if (fields["x-request-id"]) fields["x-request-id"] = "some";
  delete fields.date;
  return { status, fields, text: text.replace(/"request_id":"[^"]+"/, '"request_id":"some"') };
}

/** Serves an application both ways. */
function serve(service: TestApp, short: boolean) {
  const handler = short ? service.fast : service.handlers.slow;
  return listen({ host: "127.0.0.1", port: 0 }, handler);
}

/** What was written down, but for what differs from request to request. */
function audited({ auditLog }: TestApp) {
  return auditLog.recent(10_000).map(({ time: _time, request_id: _id, ...entry }) => entry);
}

async function compare(tokens: string[], headers: Record<string, string>): Promise<{ short: number; all: number }> {
  await using one = await testApp({ tokens });
  await using other = await testApp({ tokens });
  const long = serve(one, false);
  const short = serve(other, true);
  let handedOn = 0;
  let all = 0;
  const { slow } = other.handlers;
  other.handlers.slow = (request, peer) => {
    handedOn++;
    return slow(request, peer);
  };
  const wrong: string[] = [];
  for (const request of requests()) {
    all++;
    // The port is part of neither answer.
    const asked = { ...request, headers: { Connection: "close", Host: "127.0.0.1", ...headers, ...request.headers } };
    const [expected, actual] = await Promise.all([rawCall(long.port, asked), rawCall(short.port, asked)]);
    try {
      assert.deepEqual(shape(actual), shape(expected));
    } catch (error) {
      wrong.push(`${request.method} ${request.path.slice(0, 60)} ${JSON.stringify(request.headers)}: ${error}`);
    }
  }
  await Promise.all([long.shutdown(), short.shutdown()]);
  assert.deepEqual(audited(other), audited(one));
  assert.equal(wrong.length, 0, wrong.slice(0, 5).join("\n"));
  return { short: all - handedOn, all };
}

Deno.test("requests for keys are answered the same on the short way and on the long one", async () => {
  const { short, all } = await compare([], {});
  assert.ok(all > 1000 && short > 500, `${short} of ${all} went the short way`);
});

Deno.test("they are where a token is asked for, too", async () => {
  const { short, all } = await compare(["right"], { Authorization: "Bearer right" });
  assert.ok(all > 1000 && short > 500, `${short} of ${all} went the short way`);
});

Deno.test("a server that stops refuses keys", async () => {
  await using service = await testApp();
  const listener = serve(service, true);
  await rawCall(listener.port, { method: "PUT", path: "/foo", body: "x" });
  service.stop();
  for (const method of ["GET", "PUT", "DELETE"]) {
    const { status, headers } = await rawCall(listener.port, { method, path: "/foo" });
    assert.deepEqual([status, headers.get("retry-after")], [503, "5"], method);
  }
  await listener.shutdown();
});

Deno.test("the short way looks at no token of an address that has shown too many wrong ones", async () => {
  let looked = 0;
  const known = configuredTokens(["s3cret"]);
  const find = (token: string) => {
    looked++;
    return known.find(token);
  };
  await using service = await testApp({ tokens: { required: true, find, byId: known.byId }, wrongTokens: 3 });
  const ask = async (token: string) => {
    const headers = { host: "localhost", authorization: `Bearer ${token}` };
    const remoteAddr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };
    const response = await service.fast(new Request("http://localhost/foo", { headers }), { remoteAddr });
    await response.body?.cancel();
    return response.status;
  };
  for (const status of [401, 401, 401, 429]) assert.equal(await ask("wrong"), status);
  const before = looked;
  assert.deepEqual([await ask("wrong"), await ask("s3cret"), looked], [429, 429, before]);
});
