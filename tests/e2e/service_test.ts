import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { remove, resultOf, submit, untilState } from "../helpers/jobs.ts";
import { runProgram } from "../helpers/program.ts";
import { startService } from "../helpers/service.ts";
import { tempDir } from "../helpers/temp_dir.ts";

Deno.test("the first line says the address, the data directory and whether a token is asked for", async () => {
  await using service = await startService();
  assert.match(service.firstLine, new RegExp(`^Stint listens on http://127\\.0\\.0\\.1:${service.port}\\b`));
  assert.ok(service.firstLine.includes(service.data), service.firstLine);
  assert.match(service.firstLine, /token/i);
});

Deno.test("--port 0 picks a free port of its own for each service", async () => {
  await using one = await startService();
  await using two = await startService();
  assert.ok(one.port > 0 && two.port > 0);
  assert.notEqual(one.port, two.port);
  await one.call("PUT", "/foo", { body: "one" });
  assert.equal((await two.call("GET", "/foo")).status, 404);
});

Deno.test("a port in use ends the program with one line that names it", async () => {
  await using service = await startService();
  await using directory = await tempDir();
  const second = await runProgram(["--port", String(service.port), "--data", `${directory.path}/data`]);
  assert.notEqual(second.code, 0);
  const printed = (second.stdout + second.stderr).trim();
  assert.match(printed, new RegExp(`\\b127\\.0\\.0\\.1:${service.port}\\b.*--port`));
  assert.equal(printed.split("\n").length, 1, printed);
});

Deno.test("a bad option ends the program with exit code 2 and one line that names it", async () => {
  await using directory = await tempDir();
  const bad: [string[], RegExp][] = [
    [["--port", "abc"], /--port/],
    [["--port", "65536"], /--port/],
    [["--port", "-1"], /--port/],
    [["--slots", "0"], /--slots/],
    [["--slots", "1.5"], /--slots/],
    [["--worker-ttl", "never"], /--worker-ttl/],
    [["--max-hold", "-5"], /--max-hold/],
    [["--drain", "x"], /--drain/],
    [["--tls-cert", "/no/such/file"], /--tls-key/],
    [["--token", "with space"], /--token/],
    [["--token-file", "/no/such/file"], /--token-file/],
    [["--prot", "8080"], /--prot/],
    [["--config", "/no/such/file"], /--config/],
    [["dance"], /dance/],
  ];
  const outcomes = bad.map(([args]) => () => runProgram([...args, "--data", `${directory.path}/data`]));
  for (const [i, outcome] of outcomes.entries()) {
    const [args, names] = bad[i]!;
    const { code, stdout, stderr } = await outcome();
    assert.equal(code, 2, `${args.join(" ")}: ${stdout}${stderr}`);
    assert.match(stderr, names);
    assert.equal(stderr.trim().split("\n").length, 1, stderr);
    assert.doesNotMatch(stderr, /with space/, "a token is never repeated");
  }
});

Deno.test("--help lists the options, and variables set them too", async () => {
  const help = await runProgram(["--help"]);
  assert.equal(help.code, 0);
  for (
    const option of [
      "--host",
      "--port",
      "--data",
      "--slots",
      "--worker-ttl",
      "--max-hold",
      "--token",
      "--tls-cert",
      "--tls-key",
      "--insecure-no-auth",
      "--accept-data-loss",
      "--drain",
    ]
  ) {
    assert.ok(help.stdout.includes(option), option);
  }
  await using service = await startService({ env: { STINT_SLOTS: "1" } });
  assert.equal((await service.call("GET", "/new_job")).status, 200);
  assert.equal((await service.call("GET", "/new_job")).status, 503);
});

Deno.test("the data directory and error.log are there from the start", async () => {
  await using service = await startService();
  assert.equal(await Deno.readTextFile(`${service.data}/error.log`), "");
});

Deno.test("/-/healthy and /-/ready say 200 while serving, and ready says 503 while draining", async () => {
  await using service = await startService({ args: ["--drain", "30"] });
  for (const path of ["/-/healthy", "/-/ready"]) assert.equal((await service.call("GET", path)).status, 200, path);
  const { "worker-id": id } = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>();
  let finish = () => {};
  const gate = new Promise<void>((resolve) => finish = resolve);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      controller.enqueue(new Uint8Array(10_000));
      await gate;
      controller.close();
    },
  });
  // The transfer keeps the server alive while it drains; its door may be shut for new connections by then.
  const upload = service.call("POST", `/upload/new/${id}`, { body });
  await eventually(
    "it has begun",
    async () => (await service.call("GET", `/status/${id}`)).json<{ status: string }>().status === "running",
  );
  service.signal("SIGTERM");
  await eventually("it is not ready any more", async () => {
    const ready = await service.call("GET", "/-/ready").then(({ status }) => status, () => "refused");
    return ready === 503 || ready === "refused";
  });
  finish();
  assert.equal((await upload).status, 200);
  assert.equal(await service.exit(), 0);
});

Deno.test("a second signal ends the program at once, while a doubled first one does not", async () => {
  await using service = await startService({ args: ["--drain", "600"] });
  const { "worker-id": id } = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>();
  let finish = () => {};
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new Uint8Array(10_000));
      finish = () => controller.error(new Error("the test is over"));
    },
  });
  const upload = service.call("POST", `/upload/new/${id}`, { body }).then(({ status }) => status, () => "broken off");
  await eventually(
    "it has begun",
    async () => (await service.call("GET", `/status/${id}`)).json<{ status: string }>().status === "running",
  );
  service.signal("SIGINT");
  service.signal("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.ok(Deno.statSync(`/proc/${service.pid}`).isDirectory, "it still waits for the transfer");
  service.signal("SIGINT");
  await service.exit();
  finish();
  assert.equal(await upload, "broken off");
});

Deno.test("/-/metrics says something about jobs, slots, held requests, keys and latency", async () => {
  await using service = await startService({ args: ["--slots", "3"] });
  await service.call("PUT", "/foo", { body: "x" });
  const done = await submit(service, "true");
  await resultOf(service, done.job_id);
  const running = await submit(service, "sleep 600");
  await untilState(service, running.job_id, "running");
  const held = service.call("GET", "/api/request?connId=1&timeout=600");
  const text = await eventually("the held request is counted", async () => {
    const answer = await service.call("GET", "/-/metrics");
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
    return /^stint_held_requests 1$/m.test(answer.text) && answer.text;
  });
  for (
    const line of [
      /^stint_jobs\{state="running"\} 1$/m,
      /^stint_jobs\{state="succeeded"\} 1$/m,
      /^stint_slots_limit 3$/m,
      /^stint_slots_used 1$/m,
      /^stint_queue_length 0$/m,
      /^stint_keys 1$/m,
      /^stint_http_requests_total\{.*route="\/\{?:?key\}?".*\} 1$/m,
      /^stint_http_request_duration_seconds_bucket\{.*\} \d+$/m,
    ]
  ) {
    assert.match(text, line);
  }
  assert.doesNotMatch(text, /route="\/foo"/, "a path that a client made up is no label");
  await service.call("PUT", "/api/kill", { json: { connId: 1 } });
  await held;
  await remove(service, running.job_id);
});

Deno.test("/openapi.json is the contract, and names every endpoint of the documents", async () => {
  await using service = await startService();
  const answer = await service.call("GET", "/openapi.json");
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
  const document = answer.json<{ openapi: string; paths: Record<string, Record<string, unknown>> }>();
  assert.match(document.openapi, /^3\.1\./);
  const expected: Record<string, string[]> = {
    "/api/request": ["get"],
    "/api/serverStatus": ["get"],
    "/api/kill": ["put"],
    "/new_job": ["get"],
    "/status/{worker-id}": ["get"],
    "/modify/{worker-id}/{new_job_status}": ["post"],
    "/upload/new/{worker-id}": ["post"],
    "/download/new/{worker-id}": ["post"],
    "/job/new/{worker-id}": ["post"],
    "/api/jobs": ["get", "post"],
    "/api/jobs/{id}": ["get", "delete", "patch"],
    "/api/statuses": ["get"],
    "/api/statuses/{id}": ["get"],
    "/api/results": ["get"],
    "/api/results/{id}": ["get", "delete"],
    "/{key}": ["get", "put", "delete"],
  };
  for (const [path, methods] of Object.entries(expected)) {
    for (const method of methods) assert.ok(document.paths[path]?.[method], `${method} ${path}`);
  }
});

Deno.test("every path of the contract is served: none is 404 for want of a route, none a 5xx", async () => {
  await using service = await startService();
  const { paths } = (await service.call("GET", "/openapi.json")).json<
    { paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>> }
  >();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      // What takes a slot, or has no end, is called elsewhere.
      if (path === "/new_job" || responses["200"]?.content?.["text/event-stream"]) continue;
      const answer = await service.call(method.toUpperCase(), path.replaceAll(/\{[^}]+\}/g, "zzz"));
      assert.ok(answer.status < 500, `${method} ${path}: ${answer.status} ${answer.text}`);
      assert.notEqual(answer.status, 405, `${method} ${path}`);
    }
  }
  assert.deepEqual(await service.errors(), []);
});

Deno.test("the documentation and the front page need nothing from any other machine", async () => {
  await using service = await startService();
  for (const path of ["/", "/api/docs"]) {
    const page = await service.call("GET", path);
    assert.equal(page.status, 200);
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    const references = [...page.text.matchAll(/(?:src|href)\s*=\s*["']?([^"'\s>]+)/g)].map(([, target]) => target!);
    for (const target of references) {
      if (target.startsWith("data:")) continue;
      const url = new URL(target, service.url + path);
      assert.equal(url.origin, service.url, `${path} refers to ${target}`);
      const asset = await service.call("GET", url.pathname);
      assert.ok(asset.status < 400, `${path} refers to ${target}: ${asset.status}`);
      const loads = /@import|url\(\s*["']?https?:|fonts\.googleapis|validator\.swagger\.io\/validator["'](?!.*null)/;
      if (target.endsWith(".css")) assert.doesNotMatch(asset.text, loads);
    }
    if (path === "/api/docs") assert.ok(references.length > 0);
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src/);
  }
});

Deno.test("HEAD answers as GET does, without a body", async () => {
  await using service = await startService();
  await service.call("PUT", "/foo", { body: "hello world!" });
  const { job_id } = await submit(service, "echo hello");
  await resultOf(service, job_id);
  const paths = [
    "/foo",
    "/api/serverStatus",
    "/api/jobs",
    `/api/jobs/${job_id}`,
    "/api/statuses",
    `/api/statuses/${job_id}`,
    "/api/results",
    `/api/results/${job_id}`,
    `/api/jobs/${job_id}/stdout`,
    "/api/keys",
    "/api/files",
    "/openapi.json",
    "/api/docs",
    "/",
    "/-/healthy",
    "/-/ready",
    "/-/metrics",
  ];
  for (const path of paths) {
    const [head, get] = [await service.call("HEAD", path), await service.call("GET", path)];
    assert.equal(head.status, get.status, path);
    assert.equal(head.bytes.length, 0, path);
    assert.equal(head.headers.get("content-type"), get.headers.get("content-type"), path);
  }
  assert.equal((await service.call("HEAD", "/foo")).headers.get("content-length"), "12");
  assert.equal((await service.call("HEAD", "/qux")).status, 404);
});

Deno.test("every answer carries an X-Request-Id of its own", async () => {
  await using service = await startService();
  const ids = new Set<string>();
  for (const path of ["/", "/foo", "/api/jobs", "/api/nothing", "/-/healthy", "/api/jobs/abc", "/foo-bar"]) {
    const id = (await service.call("GET", path)).headers.get("x-request-id");
    assert.match(id ?? "", /^[\w-]{8,}$/, path);
    ids.add(id!);
  }
  assert.equal(ids.size, 7);
});
