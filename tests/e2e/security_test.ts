import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { run } from "../helpers/jobs.ts";
import { runProgram } from "../helpers/program.ts";
import { rawBytes, rawCall } from "../helpers/raw_http.ts";
import { type Service, startService } from "../helpers/service.ts";
import { isInstalled, shell } from "../helpers/shell.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import type { ProblemView } from "../helpers/views.ts";

const TOKEN = "s3cret-Token.of_the~tests";
const bearer = { authorization: `Bearer ${TOKEN}` };

Deno.test("without a token the service refuses to listen elsewhere than on loopback", async () => {
  await using directory = await tempDir();
  for (const host of ["0.0.0.0", "::", "192.0.2.1"]) {
    const { code, stdout, stderr } = await runProgram(["--host", host, "--port", "0", "--data", `${directory.path}/d`]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /token/, host);
    assert.equal((stdout + stderr).trim().split("\n").length, 1);
  }
});

Deno.test("with a token, or told that it is insecure, it listens everywhere", async () => {
  for (const args of [["--host", "0.0.0.0", "--token", TOKEN], ["--host", "0.0.0.0", "--insecure-no-auth"]]) {
    await using service = await startService({ args });
    const { status } = await rawCall(service.port, { method: "GET", path: "/-/healthy" });
    assert.equal(status, 200);
  }
});

/** What needs a token when one is configured: one request of every kind. */
const GUARDED = [
  "GET /api/serverStatus",
  "GET /api/request?connId=1&timeout=0",
  "PUT /api/kill",
  "GET /new_job",
  "GET /status/x",
  "POST /modify/x/paused",
  "POST /upload/new/x",
  "POST /download/new/x",
  "POST /job/new/x",
  "GET /api/jobs",
  "POST /api/jobs",
  "GET /api/jobs/1",
  "DELETE /api/jobs/1",
  "PATCH /api/jobs/1",
  "GET /api/jobs/1/stdout",
  "GET /api/statuses",
  "GET /api/statuses/1",
  "GET /api/results",
  "DELETE /api/results/1",
  "GET /api/keys",
  "POST /api/keys/batch",
  "GET /api/files",
  "GET /api/files/x",
  "GET /foo",
  "PUT /foo",
  "DELETE /foo",
  "GET /-/metrics",
];

Deno.test("with a token configured everything but the public pages is 401 without it", async () => {
  await using service = await startService({ args: ["--token", TOKEN] });
  for (const row of GUARDED) {
    const [method, path] = row.split(" ");
    const answer = await service.call(method!, path!);
    assert.equal(answer.status, 401, row);
    assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer\b/, row);
    assert.equal(answer.json<ProblemView>().code, "unauthorized");
  }
  for (const path of ["/", "/openapi.json", "/api/docs", "/-/healthy", "/-/ready"]) {
    assert.equal((await service.call("GET", path)).status, 200, path);
  }
  assert.equal((await service.call("PUT", "/foo", { body: "x", headers: bearer })).status, 201);
  assert.equal((await service.call("GET", "/foo", { headers: { authorization: `bearer ${TOKEN}` } })).text, "x");
  assert.equal((await service.call("GET", "/api/jobs", { headers: bearer })).status, 200);
  assert.match(service.firstLine, /token/i);
});

Deno.test("wrong tokens are 401, then 429 with Retry-After, while missing ones are never throttled", async () => {
  await using service = await startService({ args: ["--token", TOKEN] });
  for (let i = 0; i < 40; i++) assert.equal((await service.call("GET", "/foo")).status, 401);
  const wrong = [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, "Bearer", "Basic Zm9vOmJhcg==", "Bearer я", TOKEN];
  for (const authorization of wrong.filter((text) => !text.includes("я"))) {
    const answer = await service.call("GET", "/foo", { headers: { authorization } });
    assert.equal(answer.status, 401, authorization);
    assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer\b/);
  }
  const throttled = await eventually("the guesser is throttled", async () => {
    const answer = await service.call("GET", "/foo", { headers: { authorization: "Bearer guess" } });
    assert.ok(answer.status === 401 || answer.status === 429);
    return answer.status === 429 && answer;
  });
  assert.match(throttled.headers.get("retry-after") ?? "", /^\d+$/);
});

Deno.test("a token comes from --token-file and STINT_TOKEN too", async () => {
  await using directory = await tempDir();
  await Deno.writeTextFile(`${directory.path}/token`, `${TOKEN}\n`);
  for (const options of [{ args: ["--token-file", `${directory.path}/token`] }, { env: { STINT_TOKEN: TOKEN } }]) {
    await using service = await startService(options);
    assert.equal((await service.call("GET", "/foo")).status, 401);
    assert.equal((await service.call("GET", "/foo", { headers: bearer })).status, 404);
  }
});

/** A request as a browser would send it on behalf of a page. */
function browse(service: Service, headers: Record<string, string>, row = "GET /api/jobs") {
  const [method, path] = row.split(" ");
  return rawCall(service.port, { method: method!, path: path!, headers });
}

Deno.test("a Host that is not ours is 403, so that rebinding a name to this machine gains nothing", async () => {
  await using service = await startService({ args: ["--allow-host", "stint.example"] });
  const port = service.port;
  for (
    const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "169.254.169.254",
    ]
  ) {
    for (const row of ["GET /api/jobs", "PUT /foo", "GET /", "GET /foo", "GET /nothing/here"]) {
      const { status, text } = await browse(service, { Host: host }, row);
      assert.equal(status, 403, `${host} ${row}: ${text}`);
      assert.equal((JSON.parse(text) as ProblemView).code, "forbidden_host");
    }
    assert.equal((await browse(service, { Host: host }, "GET /-/healthy")).status, 200);
    assert.equal((await browse(service, { Host: host }, "GET /-/ready")).status, 200);
  }
  for (
    const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `LOCALHOST:${port}`,
      `[::1]:${port}`,
      `stint.example:${port}`,
      "stint.example",
    ]
  ) {
    assert.equal((await browse(service, { Host: host })).status, 200, host);
  }
});

Deno.test("an absolute request line cannot smuggle in another host", async () => {
  await using service = await startService();
  const ask = (target: string, host: string) =>
    rawBytes(service.port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  for (
    const [target, host] of [
      ["http://evil.example/api/jobs", `127.0.0.1:${service.port}`],
      [`http://127.0.0.1:${service.port}/api/jobs`, "evil.example"],
    ]
  ) {
    const { status } = await ask(target!, host!);
    assert.ok(status === 403 || status === 400, `${target} ${host}: ${status}`);
  }
});

Deno.test("a request that another site's page makes is 403, one of our own or of no page is not", async () => {
  await using service = await startService();
  const own = `http://127.0.0.1:${service.port}`;
  const foreign: Record<string, string>[] = [
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: `http://127.0.0.1:${service.port + 1}` },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { Origin: own, "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image" },
  ];
  for (const headers of foreign) {
    for (const row of ["GET /api/jobs", "POST /api/jobs", "PUT /foo", "GET /new_job", "PUT /api/kill"]) {
      const { status, text } = await browse(service, headers, row);
      assert.equal(status, 403, `${JSON.stringify(headers)} ${row}: ${text}`);
      assert.equal((JSON.parse(text) as ProblemView).code, "forbidden_origin");
    }
  }
  for (const headers of [{}, { Origin: own }, { "Sec-Fetch-Site": "same-origin" }, { "Sec-Fetch-Site": "none" }]) {
    assert.equal(
      (await browse(service, { ...headers } as Record<string, string>)).status,
      200,
      JSON.stringify(headers),
    );
  }
  const navigation = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
  assert.equal((await browse(service, navigation, "GET /")).status, 200, "a link from elsewhere to the page");
  assert.equal((await browse(service, navigation, "GET /new_job")).status, 403, "a link that would take a slot");
  assert.equal((await browse(service, navigation, "POST /")).status, 403);
});

Deno.test("no answer allows another site to read it", async () => {
  await using service = await startService();
  for (const row of ["GET /", "GET /openapi.json", "GET /api/jobs", "OPTIONS /api/jobs", "GET /-/healthy"]) {
    const { headers } = await browse(service, {}, row);
    assert.equal(headers.get("access-control-allow-origin"), null, row);
  }
  const key = await service.call("PUT", "/page", { body: "<script>alert(1)</script>" });
  assert.equal(key.status, 201);
  const stored = await service.call("GET", "/page");
  assert.equal(stored.headers.get("x-content-type-options"), "nosniff");
});

Deno.test({
  name: "TLS is served over HTTP/1.1 and HTTP/2 with a certificate of one's own",
  ignore: !isInstalled("openssl"),
  async fn() {
    await using directory = await tempDir();
    const [cert, key] = [`${directory.path}/cert.pem`, `${directory.path}/key.pem`];
    const made = await shell(
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost ` +
        `-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout ${key} -out ${cert}`,
    );
    assert.equal(made.code, 0, made.stderr);
    await using service = await startService({ args: ["--tls-cert", cert, "--tls-key", key, "--token", TOKEN] });
    assert.match(service.url, /^https:/);
    const curl = (options: string, path: string) =>
      shell(
        `curl -sS --cacert ${cert} -H 'Authorization: Bearer ${TOKEN}' -w ' %{http_version} %{http_code}' ${options} ` +
          `https://localhost:${service.port}${path}`,
      );
    for (const [option, version] of [["--http1.1", "1.1"], ["--http2", "2"]]) {
      assert.match(
        (await curl(`${option} -X PUT --data-binary value`, "/foo")).stdout,
        new RegExp(`^ ${version} 20[14]$`),
      );
      assert.equal((await curl(option!, "/foo")).stdout, `value ${version} 200`);
      const held = await curl(option!, "'/api/request?connId=3&timeout=0.1'");
      assert.equal(held.stdout.replace(/\s+/g, " "), `{"status":"ok"} ${version} 200`);
      const job = await curl(`${option} -H 'Content-Type: application/json' -d '{"command":"true"}'`, "/api/jobs");
      assert.ok(job.stdout.endsWith(` ${version} 202`), job.stdout);
    }
    const evil = await curl("--http2 -H 'Host: evil.example'", "/foo");
    assert.match(evil.stdout, / 403$/);
    const plain = await shell(`curl -sS http://localhost:${service.port}/-/healthy`);
    assert.notEqual(plain.code, 0);
    await eventually("the jobs are over", async () => {
      const { stdout } = await curl("--http1.1", "'/api/jobs?state=queued,running'");
      return stdout.startsWith('{"jobs":[]}');
    });
  },
});

Deno.test("a token never shows up in logs, in error.log, in an answer or in a job", async () => {
  await using service = await startService({ env: { STINT_TOKEN: TOKEN }, args: ["--log-level", "debug"] });
  const answers = [];
  for (const path of ["/api/jobs", "/-/metrics", "/openapi.json", "/", `/api/jobs?q=x`, "/api/nothing"]) {
    answers.push(await service.call("GET", path, { headers: bearer }));
  }
  answers.push(await service.call("GET", "/foo", { headers: { authorization: `Bearer ${TOKEN}wrong` } }));
  const job = await service.call("POST", "/api/jobs", {
    json: { command: "env; cat /proc/$PPID/environ 2>/dev/null | tr '\\0' '\\n'" },
    headers: { ...bearer, prefer: "wait=60" },
  });
  assert.equal(job.status, 200, job.text);
  answers.push(job);
  for (const { text, headers } of answers) {
    assert.ok(!text.includes(TOKEN));
    for (const [name, value] of headers) assert.ok(!value.includes(TOKEN), name);
  }
  assert.ok(service.logs().length > 0);
  assert.ok(!service.logs().includes(TOKEN));
  assert.ok(!(await Deno.readTextFile(`${service.data}/error.log`)).includes(TOKEN));
  const found = await shell(`grep -rlaF '${TOKEN}' '${service.data}'`);
  assert.equal(found.stdout, "", "nor in any other file of the data directory");
});

Deno.test("a token in a URL lets nobody in, is refused beside a good one, and stands in no log", async () => {
  await using service = await startService({ env: { STINT_TOKEN: TOKEN }, args: ["--log-level", "debug"] });
  const paths = ["/api/jobs", "/api/jobs/1", "/foo", "/api/keys/foo", "/api/events", "/api/serverStatus", "/status/x"]
    .concat("/api/request", "/new_job", "/-/metrics", "/api/audit");
  for (const path of paths) {
    for (const name of ["token", "access_token", "authorization", "api_key"]) {
      const asked = `${path}?${name}=${TOKEN}`;
      const without = await service.call("GET", asked);
      assert.ok([401, 404].includes(without.status), `${asked}: ${without.status}`);
      const beside = await service.call("GET", asked, { headers: bearer });
      assert.ok([400, 404].includes(beside.status), `${asked}: ${beside.status}`);
      for (const { text } of [without, beside]) assert.ok(!text.includes(TOKEN), text);
    }
  }
  await service.call("PUT", `/foo?token=${TOKEN}`, { body: "x" });
  assert.equal(await service.stop(), 0);
  assert.ok(service.logs().includes("/api/serverStatus") && !service.logs().includes(TOKEN));
  assert.equal((await shell(`grep -rlaF '${TOKEN}' '${service.data}'`)).stdout, "");
});

Deno.test("a token of ours that somebody puts into a path stands in no log either, where its id is", async () => {
  const secret = "s3cret".repeat(8).slice(0, 43);
  const token = `stint_0123456789ab_${secret}`;
  await using service = await startService({ env: { STINT_TOKEN: token }, args: ["--log-level", "debug"] });
  const paths = [`/api/files/${token}`, `/${token}`, `/api/keys/${token}`, `/api/queues/${token}`, `/status/${token}`];
  for (const path of paths) {
    for (const method of ["GET", "DELETE"]) {
      await service.call(method, path);
      await service.call(method, path, { headers: { authorization: `Bearer ${token}` } });
    }
  }
  assert.equal(await service.stop(), 0);
  assert.ok(service.logs().includes("/api/files/stint_0123456789ab_…") && !service.logs().includes(secret));
  assert.match(await Deno.readTextFile(`${service.data}/audit.log`), /"object":"stint_0123456789ab_…"/);
  assert.equal((await shell(`grep -rlaF '${secret}' '${service.data}'`)).stdout, "");
});

Deno.test("the data directory and all that is in it are for its owner alone", async () => {
  await using service = await startService();
  await run(service, "echo x");
  await service.call("PUT", "/foo", { body: "x" });
  assert.equal((await Deno.stat(service.data)).mode! & 0o777, 0o700);
  const open = await shell(`find '${service.data}' -perm /077 ! -type l`);
  assert.equal(open.stdout, "");
});
