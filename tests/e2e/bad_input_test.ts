import assert from "node:assert/strict";
import { assertFits } from "../helpers/contract.ts";
import { resultOf, submit } from "../helpers/jobs.ts";
import { type RawAnswer, rawBytes, rawCall, type RawRequest } from "../helpers/raw_http.ts";
import { type Service, startService } from "../helpers/service.ts";
import type { ProblemView, WorkerView } from "../helpers/views.ts";

/** A request and the answer that the contract has for it. */
interface Row extends Omit<RawRequest, "method" | "path"> {
  /** `METHOD path`, the path as it stands on the wire. */
  ask: string;
  status: number;
  /** The problem's stable code. */
  code: string;
  /** One of the pointers in `errors`, where the contract promises some. */
  pointer?: string;
  /** What `Allow` has to name. */
  allow?: string[];
}

const JSON_TYPE = { "Content-Type": "application/json" };

/** A row whose request has a JSON body. */
function sending(ask: string, json: unknown, code = "invalid_request", pointer?: string): Row {
  const body = typeof json === "string" ? json : JSON.stringify(json);
  const status = code === "unsupported_media_type" ? 415 : 400;
  return { ask, headers: JSON_TYPE, body, status, code, ...(pointer && { pointer }) };
}

/** Rows that differ in their path only. */
function paths(method: string, status: number, code: string, ...list: string[]): Row[] {
  return list.map((path) => ({ ask: `${method} ${path}`, status, code }));
}

/** Sends every row; fails with a list of all that were answered otherwise. */
async function expectRows(service: Service, rows: Row[]): Promise<void> {
  const wrong: string[] = [];
  for (const row of rows) {
    const space = row.ask.indexOf(" ");
    const request = { ...row, method: row.ask.slice(0, space), path: row.ask.slice(space + 1) };
    const answer = await rawCall(service.port, request);
    const complaints = [...faults(row, answer)];
    try {
      assertFits(request.method, request.path, answer, answer.text);
    } catch (error) {
      complaints.push((error as Error).message);
    }
    const shown = row.ask.length > 120 ? `${row.ask.slice(0, 120)}…` : row.ask;
    const body = typeof row.body === "string" ? ` ${row.body.slice(0, 100)}` : "";
    if (complaints.length > 0) {
      wrong.push(
        `${shown}${body}\n    ${complaints.join("\n    ")}\n    got: ${answer.status} ${answer.text.slice(0, 300)}`,
      );
    }
  }
  assert.equal(wrong.length, 0, `${wrong.length} of ${rows.length} rows:\n  ${wrong.join("\n  ")}`);
  assert.deepEqual(await service.errors(), [], "error.log is for the server's faults, not the clients'");
}

function* faults(row: Row, answer: RawAnswer): Generator<string> {
  if (!answer.closed) yield "expected the connection to be closed, as was asked for";
  if (answer.status !== row.status) yield `expected ${row.status}`;
  if (!answer.headers.get("x-request-id")) yield "expected X-Request-Id";
  if (/\n\s+at .*:\d+:\d+/.test(answer.text)) yield "expected no stack trace";
  for (const method of row.allow ?? []) {
    const allowed = (answer.headers.get("allow") ?? "").split(/, */);
    if (!allowed.includes(method)) yield `expected Allow to name ${method}; it is ${answer.headers.get("allow")}`;
  }
  // HEAD has no body to look at.
  if (row.ask.startsWith("HEAD ")) return;
  if (!/^application\/problem\+json/.test(answer.headers.get("content-type") ?? "")) {
    yield `expected application/problem+json, got ${answer.headers.get("content-type")}`;
    return;
  }
  const problem = JSON.parse(answer.text) as ProblemView;
  if (problem.status !== row.status) yield `expected status ${row.status} in the body`;
  if (problem.code !== row.code) yield `expected code ${row.code}`;
  if (problem.request_id !== answer.headers.get("x-request-id")) yield "expected request_id to be X-Request-Id";
  if (!problem.detail) yield "expected a detail";
  if (row.pointer && !problem.errors?.some(({ pointer }) => pointer === row.pointer)) {
    yield `expected a pointer ${row.pointer}, got ${JSON.stringify(problem.errors)}`;
  }
}

const HOLD = "/api/request?connId=1&timeout=0";

Deno.test("bad long requests are refused with 400", async () => {
  await using service = await startService();
  await expectRows(service, [
    ...paths(
      "GET",
      400,
      "invalid_request",
      "/api/request",
      "/api/request?connId=1",
      "/api/request?timeout=1",
      "/api/request?connId=&timeout=1",
      "/api/request?connId=1&timeout=",
      "/api/request?connId=-1&timeout=1",
      "/api/request?connId=1.5&timeout=1",
      "/api/request?connId=abc&timeout=1",
      "/api/request?connId=1e3&timeout=1",
      "/api/request?connId=0x10&timeout=1",
      "/api/request?connId=%2012&timeout=1",
      "/api/request?connId=9007199254740992&timeout=1",
      "/api/request?connId=99999999999999999999999999&timeout=1",
      "/api/request?connId=%D1%91&timeout=1",
      "/api/request?connId=%00&timeout=1",
      "/api/request?connId=1&timeout=-1",
      "/api/request?connId=1&timeout=abc",
      "/api/request?connId=1&timeout=Infinity",
      "/api/request?connId=1&timeout=NaN",
      "/api/request?connId=1&timeout=1e400",
      "/api/request?connId=1&timeout=86400.5",
      "/api/request?connId=1&timeout=86401",
      "/api/request?connId=1&timeout=99999999999999999999",
      "/api/request?connId=1&connId=2&timeout=0",
      "/api/request?connId=1&timeout=0&timeout=1",
      "/api/request?connID=1&timeout=1",
      "/api/serverStatus?verbose=1",
    ),
    { ask: `GET ${HOLD}&extra=1`, status: 400, code: "invalid_request", pointer: "query/extra" },
    { ask: "GET /api/request?connId=x&timeout=1", status: 400, code: "invalid_request", pointer: "query/connId" },
    { ask: "GET /api/request?connId=1&timeout=x", status: 400, code: "invalid_request", pointer: "query/timeout" },
    { ask: "PUT /api/kill?connId=12", body: '{"connId":12}', status: 400, code: "invalid_request" },
  ]);
});

Deno.test("a kill body that names no connId is refused with 400", async () => {
  await using service = await startService();
  const bad = (body: RawRequest["body"], code: string, headers = {}): Row => ({
    ask: "PUT /api/kill",
    body,
    headers,
    status: 400,
    code,
  });
  await expectRows(service, [
    bad('{"connId":-1}', "invalid_request"),
    bad('{"connId":1.5}', "invalid_request"),
    bad('{"connId":null}', "invalid_request"),
    bad('{"connId":true}', "invalid_request"),
    bad('{"connId":[12]}', "invalid_request"),
    bad('{"connId":9007199254740993}', "invalid_request"),
    bad('{"connId":1e300}', "invalid_request"),
    bad('{"connId":12,"force":true}', "invalid_request"),
    bad("{}", "invalid_request"),
    bad("[]", "invalid_request"),
    bad("12", "invalid_request"),
    bad('{"connId":12', "malformed_json", JSON_TYPE),
    bad(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), "invalid_encoding"),
    {
      ask: "PUT /api/kill",
      body: '{"connId":1}',
      headers: { "Content-Type": "application/json; charset=klingon" },
      status: 415,
      code: "unsupported_media_type",
    },
    { ask: "PUT /api/kill", body: `{"connId":1${" ".repeat(2_000_000)}}`, status: 413, code: "too_large" },
  ]);
  for (
    const body of [
      "",
      "connId",
      "connId=",
      "connId=x",
      "connId=1&connId=2",
      "{connId=}",
      "{connId:12}",
      "{{connId=1}}",
      "\0",
      "привет",
    ]
  ) {
    const { status, text } = await rawCall(service.port, { method: "PUT", path: "/api/kill", body });
    assert.equal(status, 400, `${JSON.stringify(body)}: ${text}`);
  }
});

Deno.test("a kill of what is not held answers 400 in document 000's words, however it is written", async () => {
  await using service = await startService();
  for (const body of ['{"connId":12}', ' { "connId" : 12 } ', "connId=12", "{connId=12}"]) {
    for (const type of [undefined, "application/json", "application/x-www-form-urlencoded", "text/plain"]) {
      const headers: Record<string, string> = type ? { "Content-Type": type } : {};
      if (type === "application/json" && !body.includes('"')) continue;
      const { status, text } = await rawCall(service.port, { method: "PUT", path: "/api/kill", body, headers });
      assert.deepEqual([status, text.trim()], [400, '{"status":"invalid connection Id : 12"}'], `${type} ${body}`);
    }
  }
});

Deno.test("a connId that is being held already is refused with 409", async () => {
  await using service = await startService();
  const held = service.call("GET", "/api/request?connId=5&timeout=600");
  while ((await service.call("GET", "/api/serverStatus")).text.trim() === "{}");
  await expectRows(service, [{ ask: "GET /api/request?connId=5&timeout=1", status: 409, code: "conn_id_in_use" }]);
  assert.equal((await service.call("PUT", "/api/kill", { json: { connId: 5 } })).status, 200);
  assert.equal((await held).status, 500);
});

Deno.test("bad worker ids, states and names are refused, and leave a reservation usable", async () => {
  await using service = await startService();
  const id = (await service.call("GET", "/new_job/")).json<WorkerView>()["worker-id"];
  const job = (body: unknown, code = "invalid_request", pointer?: string) =>
    sending(`POST /job/new/${id}`, body, code, pointer);
  const upload = (query: string, code = "invalid_file_name"): Row => ({
    ask: `POST /upload/new/${id}${query}`,
    body: "x",
    status: 400,
    code,
  });
  await expectRows(service, [
    ...paths(
      "GET",
      400,
      "worker_unknown",
      "/status/nobody",
      "/status/%D1%8F",
      "/status/..%2f..%2fetc",
      `/status/${id}x`,
      "/status/%00",
    ),
    ...paths("GET", 400, "invalid_request", `/status/${id}?x=1`, "/new_job?slots=2", "/new_job/?x"),
    ...paths("POST", 400, "worker_unknown", "/modify/nobody/paused", "/modify/nobody/terminated", "/upload/new/nobody"),
    ...paths(
      "POST",
      400,
      "invalid_request",
      `/modify/${id}/dancing`,
      `/modify/${id}/PAUSED`,
      `/modify/${id}/completed`,
      `/modify/${id}/reserved`,
      `/modify/${id}/paused?x=1`,
    ),
    ...paths(
      "POST",
      400,
      "invalid_transition",
      `/modify/${id}/paused`,
      `/modify/${id}/resume`,
      `/modify/${id}/running`,
    ),
    sending("POST /job/new/nobody", { command: "true" }, "worker_unknown"),
    sending("POST /download/new/nobody", { file: "x" }, "worker_unknown"),
    job({}, "invalid_request"),
    job({ command: 5 }, "invalid_request", "/command"),
    job({ command: "true", argv: ["true"] }),
    job({ command: "true", shell: "bash" }, "invalid_request", "/shell"),
    job("{", "malformed_json"),
    job("", "malformed_json"),
    {
      ask: `POST /job/new/${id}`,
      body: "command=true",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      status: 415,
      code: "unsupported_media_type",
    },
    upload("?name=.."),
    upload("?name=."),
    upload("?name=a%2Fb"),
    upload("?name=%2Fetc%2Fpasswd"),
    upload("?name=..%2Fx"),
    upload(`?name=${"a".repeat(256)}`),
    upload(`?name=${"%D1%8F".repeat(128)}`),
    upload("?name="),
    upload("?name=a%00b", "invalid_request"),
    upload("?nam=x", "invalid_request"),
    upload("?name=x&replace=maybe", "invalid_request"),
    upload("?name=a&name=b", "invalid_request"),
    {
      ask: `POST /upload/new/${id}?name=d`,
      body: "x",
      headers: { "Content-Type": "multipart/form-data" },
      status: 400,
      code: "invalid_request",
    },
    {
      ask: `POST /upload/new/${id}?name=z`,
      body: "x",
      headers: { "Content-Encoding": "gzip" },
      status: 415,
      code: "unsupported_media_type",
    },
    { ask: `POST /download/new/${id}?file=missing`, status: 404, code: "not_found" },
    { ask: `POST /download/new/${id}`, status: 400, code: "invalid_request" },
    { ask: `POST /download/new/${id}?file=..%2F..%2Fetc%2Fpasswd`, status: 400, code: "invalid_file_name" },
    sending(`POST /download/new/${id}`, { file: 5 }, "invalid_request", "/file"),
    sending(`POST /download/new/${id}`, { name: "x" }),
    sending(`POST /download/new/${id}`, "nonsense", "malformed_json"),
    ...paths("GET", 404, "not_found", "/api/files/missing", "/api/files/%D1%8F"),
    ...paths(
      "GET",
      400,
      "invalid_file_name",
      "/api/files/..%2Ferror.log",
      "/api/files/%2Fetc%2Fpasswd",
      `/api/files/${"a".repeat(256)}`,
    ),
    ...paths("DELETE", 404, "not_found", "/api/files/missing"),
    ...paths("GET", 400, "invalid_request", "/api/files?limit=0", "/api/files?cursor=rubbish", "/api/files?x=1"),
  ]);
  const answer = await service.call("POST", `/upload/new/${id}?name=good`, { body: "good" });
  assert.equal(answer.status, 200, answer.text);
  await expectRows(service, [
    { ask: `POST /upload/new/${id}?name=again`, body: "x", status: 400, code: "worker_used" },
    sending(`POST /job/new/${id}`, { command: "true" }, "worker_used"),
    { ask: `POST /download/new/${id}?file=good`, status: 400, code: "worker_used" },
    { ask: `POST /modify/${id}/terminated`, status: 400, code: "invalid_transition" },
    { ask: "GET /api/files/good", headers: { Range: "bytes=99-" }, status: 416, code: "invalid_range" },
    { ask: "GET /api/files/good", headers: { "If-Match": '"nothing"' }, status: 412, code: "precondition_failed" },
    { ask: "DELETE /api/files/good", headers: { "If-Match": '"nothing"' }, status: 412, code: "precondition_failed" },
    { ask: "GET /api/files/good?x=1", status: 400, code: "invalid_request" },
  ]);
  const other = (await service.call("GET", "/new_job/")).json<WorkerView>()["worker-id"];
  await expectRows(service, [{
    ask: `POST /upload/new/${other}?name=good`,
    body: "x",
    status: 409,
    code: "file_exists",
  }]);
  // What is wrong with a digest shows when all has been read, so the worker is used up.
  const digest = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
  await expectRows(service, [{
    ask: `POST /upload/new/${other}?name=digest`,
    body: "x",
    headers: { "Content-Digest": digest },
    status: 400,
    code: "digest_mismatch",
  }]);
});

Deno.test("bad jobs are refused with 400, and a body that is not declared JSON with 415", async () => {
  await using service = await startService();
  const post = (json: unknown, pointer?: string, code = "invalid_request") =>
    sending("POST /api/jobs", json, code, pointer);
  const typed = (
    type: string | undefined,
    status: number,
    code: string,
    body: RawRequest["body"] = '{"command":"true"}',
  ): Row => ({
    ask: "POST /api/jobs",
    body,
    headers: type === undefined ? {} : { "Content-Type": type },
    status,
    code,
  });
  const command = "true";
  await expectRows(service, [
    post({}, "/command"),
    post({ command: "" }, "/command"),
    post({ command: "  \n" }, "/command"),
    post({ command: 5 }, "/command"),
    post({ command: null }, "/command"),
    post({ command: ["true"] }, "/command"),
    post({ command: "a\0b" }, "/command"),
    post('{"command":"\\ud800"}', "/command"),
    post({ command: "x".repeat(131_072) }, "/command"),
    post({ command, argv: ["true"] }, "/argv"),
    post({ argv: [] }, "/argv"),
    post({ argv: "true" }, "/argv"),
    post({ argv: [""] }, "/argv"),
    post({ argv: ["true", 5] }, "/argv/1"),
    post({ argv: ["a\0"] }, "/argv/0"),
    post({ command, nmae: "x" }, "/nmae"),
    post({ command, "a/b~c": 1 }, "/a~1b~0c"),
    post({ command, name: 5 }, "/name"),
    post({ command, name: "" }, "/name"),
    post({ command, name: "x".repeat(257) }, "/name"),
    post({ command, labels: [] }, "/labels"),
    post({ command, labels: { a: 5 } }, "/labels/a"),
    post({ command, labels: { a: "x".repeat(257) } }, "/labels/a"),
    post({ command, labels: { "": "x" } }),
    post({ command, env: { "A=B": "x" } }),
    post({ command, env: { "": "x" } }),
    post({ command, env: { A: 5 } }, "/env/A"),
    post({ command, env: { A: "\0" } }, "/env/A"),
    post({ command, env: "A=B" }, "/env"),
    post({ command, cwd: "relative" }, "/cwd"),
    post({ command, cwd: "" }, "/cwd"),
    post({ command, cwd: "/a\0b" }, "/cwd"),
    post({ command, cwd: 5 }, "/cwd"),
    post({ command, stdin: 5 }, "/stdin"),
    post({ command, timeout: 0 }, "/timeout"),
    post({ command, timeout: -1 }, "/timeout"),
    post({ command, timeout: "5" }, "/timeout"),
    post('{"command":"true","timeout":1e400}'),
    post({ command, grace: -1 }, "/grace"),
    post({ command, grace: "5" }, "/grace"),
    post({ command, grace: null }, "/grace"),
    post({ command, priority: 1.5 }, "/priority"),
    post({ command, priority: "high" }, "/priority"),
    post({ command, priority: 1e300 }, "/priority"),
    post("[]"),
    post("null"),
    post('"true"'),
    post("5"),
    post("", undefined, "malformed_json"),
    post("{", undefined, "malformed_json"),
    post('{"command":"true"}}', undefined, "malformed_json"),
    post("{'command':'true'}", undefined, "malformed_json"),
    post("[".repeat(100_000), undefined, "malformed_json"),
    typed(undefined, 415, "unsupported_media_type"),
    typed("text/plain", 415, "unsupported_media_type"),
    typed("application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    typed("multipart/form-data; boundary=x", 415, "unsupported_media_type"),
    typed("application/xml", 415, "unsupported_media_type"),
    typed("rubbish", 415, "unsupported_media_type"),
    typed("application/json; charset=klingon", 415, "unsupported_media_type"),
    typed("application/json", 400, "invalid_encoding", new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])),
    typed("application/json; charset=utf-8", 400, "invalid_encoding", new Uint8Array([0x22, 0xc3, 0x28, 0x22])),
    typed("application/json; charset=utf-16le", 400, "invalid_encoding", new Uint8Array([0x7b])),
    {
      ask: "POST /api/jobs",
      headers: JSON_TYPE,
      body: JSON.stringify({ command, stdin: "x".repeat(2_000_000) }),
      status: 413,
      code: "too_large",
    },
    {
      ask: "POST /api/jobs?wait=5",
      headers: JSON_TYPE,
      body: '{"command":"true"}',
      status: 400,
      code: "invalid_request",
    },
    {
      ask: "POST /api/jobs",
      headers: { ...JSON_TYPE, "Idempotency-Key": "x".repeat(256) },
      body: '{"command":"true"}',
      status: 400,
      code: "invalid_request",
    },
  ]);
  assert.deepEqual((await service.call("GET", "/api/jobs")).json(), { jobs: [] }, "none of these may have made a job");
});

Deno.test("a job in windows-1251 and in koi8-r is understood", async () => {
  await using service = await startService();
  const texts = {
    "windows-1251": [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2],
    "koi8-r": [0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4],
    "KOI8-R": [0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4],
  };
  for (const [charset, word] of Object.entries(texts)) {
    const [head, tail] = [`{"command":"echo `, `"}`].map((text) => new TextEncoder().encode(text));
    const answer = await service.call("POST", "/api/jobs", {
      body: new Uint8Array([...head!, ...word, ...tail!]),
      headers: { "content-type": `application/json; charset=${charset}` },
    });
    assert.equal(answer.status, 202, answer.text);
    const { job_id, command } = answer.json<{ job_id: number; command: string }>();
    assert.equal(command, "echo Привет", charset);
    assert.equal((await resultOf(service, job_id)).stdout, "Привет\n");
  }
});

Deno.test("bad ids, searches and changes of jobs are refused", async () => {
  await using service = await startService();
  const { job_id: id } = await submit(service, "echo hello");
  await resultOf(service, id);
  const lists = ["/api/jobs", "/api/statuses", "/api/results"];
  const queries = [
    "x=1",
    "Q=1",
    "limit=0",
    "limit=1001",
    "limit=-1",
    "limit=abc",
    "limit=1.5",
    "limit=",
    "cursor=rubbish",
    "cursor=",
    "cursor=W10",
    "cursor=%00",
    "cursor=bnVsbA",
    "state=dancing",
    "state=",
    "state=running,",
    "exit_code=abc",
    "exit_code=-1",
    "label=novalue",
    "label=:v",
    "since=yesterday",
    "since=2026-02-30",
    "until=1e9",
    "until=2026-13-01T00:00:00Z",
    "min_duration=-1",
    "min_duration=abc",
    "sort=name",
    "sort=",
    "q=a%00b",
    `q=${"x".repeat(1001)}`,
    "limit=1&limit=2",
  ];
  const resources = ["/api/jobs", "/api/statuses", "/api/results"];
  const malformed = ["abc", "0", "-1", "1.5", "01e1", "99999999999999999999", "%D1%8F", "1%20", "%00", "1%2F2"];
  await expectRows(service, [
    ...lists.flatMap((list) => paths("GET", 400, "invalid_request", ...queries.map((query) => `${list}?${query}`))),
    ...resources.flatMap((resource) =>
      paths("GET", 400, "invalid_id", ...malformed.map((bad) => `${resource}/${bad}`))
    ),
    ...resources.flatMap((resource) =>
      paths("GET", 404, "not_found", `${resource}/999`, `${resource}/9007199254740991`)
    ),
    ...paths("GET", 400, "invalid_request", `/api/jobs/${id}?x=1`, `/api/statuses/${id}?x=1`, `/api/results/${id}?x=1`),
    ...paths("GET", 400, "invalid_id", "/api/jobs/abc/stdout", "/api/jobs/0/stderr"),
    ...paths("GET", 404, "not_found", "/api/jobs/999/stdout", "/api/jobs/999/stderr", `/api/jobs/${id}/stdin`),
    ...paths(
      "GET",
      400,
      "invalid_request",
      `/api/jobs/${id}/stdout?tail=x`,
      `/api/jobs/${id}/stdout?tail=-1`,
      `/api/jobs/${id}/stderr?follow=maybe`,
      `/api/jobs/${id}/stdout?x=1`,
    ),
    { ask: `GET /api/jobs/${id}/stdout`, headers: { Range: "bytes=6-" }, status: 416, code: "invalid_range" },
    { ask: `GET /api/jobs/${id}/stderr`, headers: { Range: "bytes=0-" }, status: 416, code: "invalid_range" },
    ...paths("DELETE", 400, "invalid_id", "/api/jobs/abc", "/api/results/abc"),
    ...paths("DELETE", 404, "not_found", "/api/jobs/999", "/api/results/999"),
    ...paths(
      "DELETE",
      400,
      "invalid_request",
      `/api/jobs/${id}?terminate=maybe`,
      `/api/jobs/${id}?force=true`,
      `/api/results/${id}?x=1`,
    ),
    sending(`PATCH /api/jobs/${id}`, {}, "invalid_request", "/state"),
    sending(`PATCH /api/jobs/${id}`, { state: "dancing" }, "invalid_request", "/state"),
    sending(`PATCH /api/jobs/${id}`, { state: 5 }, "invalid_request", "/state"),
    sending(`PATCH /api/jobs/${id}`, { state: "succeeded" }, "invalid_request", "/state"),
    sending(`PATCH /api/jobs/${id}`, { state: "paused", name: "x" }, "invalid_request", "/name"),
    sending(`PATCH /api/jobs/${id}`, "{", "malformed_json"),
    { ...sending("PATCH /api/jobs/999", { state: "paused" }), status: 404, code: "not_found" },
    sending("PATCH /api/jobs/abc", { state: "paused" }, "invalid_id"),
    { ...sending(`PATCH /api/jobs/${id}`, { state: "paused" }), status: 409, code: "invalid_transition" },
    { ...sending(`PATCH /api/jobs/${id}`, { state: "running" }), status: 409, code: "invalid_transition" },
    { ...sending(`PATCH /api/jobs/${id}`, { state: "terminated" }), status: 409, code: "invalid_transition" },
    { ask: `PATCH /api/jobs/${id}`, body: '{"state":"paused"}', status: 415, code: "unsupported_media_type" },
    sending(`POST /api/jobs/${id}/signal`, {}, "invalid_request", "/signal"),
    ...["SIGNOTHING", "", "TERM; id", 0, 65, -9, 1.5, null, ["TERM"]].map((signal) =>
      sending(`POST /api/jobs/${id}/signal`, { signal }, "invalid_request", "/signal")
    ),
    sending(`POST /api/jobs/${id}/signal`, { signal: "USR1", to: "children" }, "invalid_request", "/to"),
    sending(`POST /api/jobs/${id}/signal`, { signal: "USR1", pid: 1 }, "invalid_request", "/pid"),
    sending(`POST /api/jobs/${id}/signal`, { signal: "STOP", to: "job" }, "invalid_request", "/to"),
    sending(`POST /api/jobs/${id}/signal`, { signal: "CONT", to: "job" }, "invalid_request", "/to"),
    sending(`POST /api/jobs/${id}/signal`, "{", "malformed_json"),
    sending("POST /api/jobs/abc/signal", { signal: "USR1" }, "invalid_id"),
    { ...sending("POST /api/jobs/999/signal", { signal: "USR1" }), status: 404, code: "not_found" },
    ...["USR1", "STOP", "CONT", "KILL", 9].map((signal) => (
      { ...sending(`POST /api/jobs/${id}/signal`, { signal }), status: 409, code: "invalid_transition" }
    )),
    { ask: `POST /api/jobs/${id}/signal`, body: '{"signal":9}', status: 415, code: "unsupported_media_type" },
  ]);
  assert.equal((await service.call("DELETE", `/api/results/${id}`)).status, 204);
  await expectRows(service, [
    ...paths("GET", 410, "result_gone", `/api/results/${id}`, `/api/jobs/${id}/stdout`),
    ...paths("DELETE", 410, "result_gone", `/api/results/${id}`),
  ]);
});

Deno.test("bad keys and values are refused", async () => {
  await using service = await startService();
  const put = (key: string, body: RawRequest["body"], status: number, code: string, headers = {}): Row => ({
    ask: `PUT /${key}`,
    body,
    status,
    code,
    headers,
  });
  const value = "x";
  const badKeys = [
    "foo-bar",
    "foo_bar",
    "foo.bar",
    "%D0%BA%D0%BB%D1%8E%D1%87",
    "a%20b",
    "a%00b",
    "%2e",
    "%2F",
    "a%2Fb",
    "a+b",
    "~",
    "a".repeat(256),
    "%61".repeat(256),
    "%",
    "%zz",
    "a%",
    "%C3%28",
    "a:b",
    "a@b",
    "[a]",
  ];
  await expectRows(service, [
    ...badKeys.flatMap((key) => [put(key, value, 400, "invalid_key"), ...paths("GET", 400, "invalid_key", `/${key}`)]),
    ...paths("DELETE", 400, "invalid_key", "/foo-bar", `/${"a".repeat(256)}`),
    put("big", "x".repeat(1025), 413, "too_large"),
    put("big", "я".repeat(513), 413, "too_large"),
    put("big", "x".repeat(3_000_000), 413, "too_large"),
    put("text", new Uint8Array([0xff]), 400, "invalid_encoding"),
    put("text", new Uint8Array([0xc3, 0x28]), 400, "invalid_encoding"),
    put("text", new Uint8Array([0xed, 0xa0, 0x80]), 400, "invalid_encoding"),
    put("text", new Uint8Array([0xe2, 0x82]), 400, "invalid_encoding"),
    put("foo?ttl=0", value, 400, "invalid_request"),
    put("foo?ttl=-1", value, 400, "invalid_request"),
    put("foo?ttl=abc", value, 400, "invalid_request"),
    put("foo?ttl=", value, 400, "invalid_request"),
    put("foo?ttl=1e999", value, 400, "invalid_request"),
    put("foo?ttl=1&ttl=2", value, 400, "invalid_request"),
    put("foo?tll=5", value, 400, "invalid_request"),
    put("foo", value, 412, "precondition_failed", { "If-Match": "*" }),
    put("foo", value, 412, "precondition_failed", { "If-Match": '"1"' }),
    ...paths("GET", 400, "invalid_request", "/foo?x=1", "/foo?ttl=5"),
    ...paths("DELETE", 400, "invalid_request", "/foo?x=1"),
    ...paths("GET", 404, "not_found", "/foo", "/big", "/text"),
    ...paths("DELETE", 404, "not_found", "/foo"),
    ...paths(
      "GET",
      400,
      "invalid_request",
      "/api/keys?prefix=a-b",
      "/api/keys?prefix=%D1%8F",
      "/api/keys?limit=0",
      "/api/keys?limit=1001",
      "/api/keys?cursor=rubbish",
      "/api/keys?x=1",
    ),
    sending("POST /api/keys/batch", {}, "invalid_request", "/steps"),
    sending("POST /api/keys/batch", { steps: [] }, "invalid_request", "/steps"),
    sending("POST /api/keys/batch", { steps: "x" }, "invalid_request", "/steps"),
    sending("POST /api/keys/batch", { steps: [{ op: "dance", key: "a" }] }),
    sending("POST /api/keys/batch", { steps: [{ op: "put", key: "a" }] }),
    sending(
      "POST /api/keys/batch",
      { steps: [{ op: "put", key: "a-b", value: "x" }] },
      "invalid_request",
      "/steps/0/key",
    ),
    sending(
      "POST /api/keys/batch",
      { steps: [{ op: "put", key: "a", value: "x".repeat(1025) }] },
      "invalid_request",
      "/steps/0/value",
    ),
    sending("POST /api/keys/batch", { steps: [{ op: "put", key: "a", value: "x", extra: 1 }] }),
    sending("POST /api/keys/batch", { steps: [{ op: "put", key: "a", value: "1" }, { op: "delete", key: "a" }] }),
    sending("POST /api/keys/batch", { steps: [{ op: "compare", key: "a" }] }),
    sending(
      "POST /api/keys/batch",
      { steps: Array.from({ length: 129 }, (_, i) => ({ op: "delete", key: `k${i}` })) },
      "invalid_request",
      "/steps",
    ),
    sending("POST /api/keys/batch", "{", "malformed_json"),
    {
      ask: "POST /api/keys/batch",
      body: '{"steps":[{"op":"delete","key":"a"}]}',
      status: 415,
      code: "unsupported_media_type",
    },
  ]);
  assert.deepEqual(
    (await service.call("GET", "/api/keys")).json(),
    { keys: [] },
    "none of these may have stored a key",
  );
});

Deno.test("the longest key, the largest value, an empty value and percent-encoded letters are taken", async () => {
  await using service = await startService();
  const longest = "k".repeat(255);
  for (
    const [key, value] of [[longest, "x"], ["largest", "x".repeat(1024)], ["cyrillic", "я".repeat(512)], ["empty", ""]]
  ) {
    assert.equal((await service.call("PUT", `/${key}`, { body: value })).status, 201, key);
    const got = await service.call("GET", `/${key}`);
    assert.deepEqual([got.status, got.text], [200, value]);
    assert.equal(got.headers.get("content-length"), String(new TextEncoder().encode(value).length));
  }
  assert.equal((await rawCall(service.port, { method: "PUT", path: "/f%6fo", body: "1" })).status, 201);
  assert.equal((await service.call("GET", "/foo")).text, "1");
});

Deno.test("a method that a path does not take is refused with 405 and Allow", async () => {
  await using service = await startService();
  const refuse = (ask: string, ...allow: string[]): Row => ({ ask, status: 405, code: "method_not_allowed", allow });
  await expectRows(service, [
    refuse("POST /api/request", "GET"),
    refuse("HEAD /api/request?connId=1&timeout=0", "GET"),
    refuse("PUT /api/serverStatus", "GET"),
    refuse("POST /api/kill", "PUT"),
    refuse("GET /api/kill", "PUT"),
    refuse("POST /new_job/", "GET"),
    refuse("HEAD /new_job", "GET"),
    refuse("DELETE /new_job", "GET"),
    refuse("POST /status/x", "GET"),
    refuse("GET /modify/x/paused", "POST"),
    refuse("GET /upload/new/x", "POST"),
    refuse("PUT /upload/new/x", "POST"),
    refuse("GET /download/new/x", "POST"),
    refuse("GET /job/new/x", "POST"),
    refuse("PUT /api/jobs", "GET", "POST"),
    refuse("DELETE /api/jobs", "GET", "POST"),
    refuse("POST /api/jobs/1", "GET", "PATCH", "DELETE"),
    refuse("PUT /api/jobs/1", "GET", "PATCH", "DELETE"),
    refuse("DELETE /api/jobs/1/stdout", "GET"),
    refuse("POST /api/statuses", "GET"),
    refuse("DELETE /api/statuses/1", "GET"),
    refuse("POST /api/results", "GET"),
    refuse("PATCH /api/results/1", "GET", "DELETE"),
    refuse("POST /api/keys", "GET"),
    refuse("GET /api/keys/batch", "POST"),
    refuse("POST /api/files", "GET"),
    refuse("PUT /api/files/x", "GET", "DELETE"),
    refuse("POST /foo", "GET", "PUT", "DELETE"),
    refuse("PATCH /foo", "GET", "PUT", "DELETE"),
    refuse("POST /", "GET"),
    refuse("DELETE /openapi.json", "GET"),
    refuse("POST /api/docs", "GET"),
    refuse("POST /-/healthy", "GET"),
    refuse("PUT /-/metrics", "GET"),
    refuse("BREW /foo", "GET", "PUT", "DELETE"),
  ]);
});

Deno.test("an unknown path is 404, an over-long one 414, and never HTML", async () => {
  await using service = await startService();
  await expectRows(service, [
    ...paths(
      "GET",
      404,
      "not_found",
      "/api/",
      "/api/nothing",
      "/api/jobs/1/2/3",
      "/a/b",
      "/a/b/c/d",
      "/-/nothing",
      "/modify/x",
      "/upload/x",
      "/api/v1/jobs",
      "/%D1%8F/%D1%8F",
      "/foo//",
      "/.well-known/nothing",
      "/api/docs/nothing.js",
      "/api/docs/..%2F..%2Fdeno.json",
    ),
    ...paths("POST", 404, "not_found", "/api/nothing", "/upload/new", "/job/new/"),
    ...paths("GET", 414, "uri_too_long", `/api/jobs?q=${"x".repeat(20_000)}`, `/${"a".repeat(20_000)}`),
  ]);
});

Deno.test("what is no HTTP, too large a header or an ambiguous length gets a 4xx or is cut off, never a 5xx", async () => {
  await using service = await startService();
  const host = `Host: 127.0.0.1:${service.port}\r\nConnection: close\r\n`;
  const requests = [
    `GET /foo HTTP/1.1\r\n${host}X: ${"x".repeat(100_000)}\r\n\r\n`,
    `GET /foo HTTP/1.1\r\n${host}${Array.from({ length: 300 }, (_, i) => `X${i}: x\r\n`).join("")}\r\n`,
    `PUT /foo HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`,
    `PUT /foo HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`,
    `PUT /foo HTTP/1.1\r\n${host}Content-Length: abc\r\n\r\n`,
    `PUT /foo HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `GET foo HTTP/1.1\r\n${host}\r\n`,
    `GET /f oo HTTP/1.1\r\n${host}\r\n`,
    `GET /foo HTTP/9.9\r\n${host}\r\n`,
    `GET /foo HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n`,
    `GET /foo HTTP/1.1\r\nHost: u@evil/x?\r\nConnection: close\r\n\r\n`,
    `GET /foo HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n`,
    `GET /foo HTTP/1.1\r\nHost: 127.0.0.1:99999\r\nConnection: close\r\n\r\n`,
    `GET http://evil.example/foo HTTP/1.1\r\n${host}\r\n`,
    `GET /foo HTTP/1.1\r\n${host}Bad Name: x\r\n\r\n`,
    `${"\0\x01\x02".repeat(100)}\r\n\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`,
    `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
    `TRACE /foo HTTP/1.1\r\n${host}\r\n`,
  ];
  for (const request of requests) {
    const { status, text } = await rawBytes(service.port, request);
    assert.ok(status === 0 || (status >= 400 && status < 500), `${request.slice(0, 200)}: ${status} ${text}`);
    assert.doesNotMatch(text, /\n\s+at /);
  }
  assert.equal((await service.call("PUT", "/foo", { body: "alive" })).status, 201, "it serves on, and stored nothing");
  assert.deepEqual(await service.errors(), []);
});
