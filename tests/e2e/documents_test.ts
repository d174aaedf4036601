import assert from "node:assert/strict";
import {
  at,
  DOCUMENT_000,
  DOCUMENT_001,
  DOCUMENT_002,
  DOCUMENT_003,
  DOCUMENT_004,
  DOCUMENTS,
  type,
} from "../helpers/documents.ts";
import { eventually } from "../helpers/eventually.ts";
import { remove, resultOf, submit, untilState } from "../helpers/jobs.ts";
import { type Service, startService } from "../helpers/service.ts";
import { shell } from "../helpers/shell.ts";
import type { JobView, ResultView, StatusView, WorkerView } from "../helpers/views.ts";

const originals = new URL("../../../shared/documents/", import.meta.url);
const haveOriginals = await Deno.stat(originals).then(() => true, () => false);

Deno.test({
  name: "the lines that are tested stand in the documents, character for character",
  ignore: !haveOriginals,
  async fn() {
    for await (const { name } of Deno.readDir(originals)) {
      const text = await Deno.readTextFile(new URL(name, originals));
      const lines = DOCUMENTS[name.slice(0, 3)];
      assert.ok(lines, `nothing is tested of ${name}`);
      for (const line of Object.values(lines)) assert.ok(text.includes(line), `${name} does not show: ${line}`);
    }
  },
});

Deno.test({
  name: "every curl line that the documents show is among those that are tested",
  ignore: !haveOriginals,
  async fn() {
    const tested = Object.values(DOCUMENTS).flatMap((lines) => Object.values(lines));
    for await (const { name } of Deno.readDir(originals)) {
      const text = await Deno.readTextFile(new URL(name, originals));
      for (const line of text.split("\n").filter((line) => /\bcurl .*-/.test(line) && !line.startsWith("`Format`"))) {
        const known = tested.some((each) => line.includes(each.split("\n")[0]!));
        assert.ok(known, `${name} shows a line that is not tested: ${line}`);
      }
    }
  },
});

const isJson = /^application\/json; ?charset=utf-8$/i;
const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Waits until the service holds a request with that connId. */
function untilHeld(service: Service, connId: number): Promise<unknown> {
  return eventually(`connId ${connId} is held`, async () => {
    const held = (await service.call("GET", "/api/serverStatus")).json<Record<string, string>>();
    return held[connId] !== undefined;
  });
}

/** Holds a request for a minute. */
function hold(service: Service, connId: number) {
  return service.call("GET", `/api/request?connId=${connId}&timeout=60`);
}

Deno.test("document 000: a request is held and answers ok, the status lists it, a kill answers ok", async () => {
  await using service = await startService();
  await Deno.writeTextFile(`${service.files}/payload`, DOCUMENT_000.payload);
  const running = type(service.port, DOCUMENT_000.request, service.files);
  await untilHeld(service, 19);

  const listed = await type(service.port, DOCUMENT_000.serverStatus, service.files);
  assert.equal(listed.status, 200);
  assert.match(listed.headers.get("content-type") ?? "", isJson);
  assert.match(listed.body.trim(), /^\{"19":"[1-5]"\}$/);

  const target = hold(service, 12);
  await untilHeld(service, 12);
  const killed = await type(service.port, DOCUMENT_000.kill, service.files);
  assert.equal(killed.status, 200);
  assert.equal(killed.body.trim(), '{"status":"ok"}');
  assert.equal((await target).text.trim(), '{"status":"killed"}');

  const again = await type(service.port, DOCUMENT_000.kill, service.files);
  assert.equal(again.status, 400);
  assert.equal(again.body.trim(), '{"status":"invalid connection Id : 12"}');

  const ended = await running;
  assert.deepEqual([ended.code, ended.status, ended.body.trim()], [0, 200, '{"status":"ok"}']);
  assert.match(ended.headers.get("content-type") ?? "", isJson);
  assert.equal((await type(service.port, DOCUMENT_000.serverStatus, service.files)).body.trim(), "{}");
});

Deno.test("document 001: curl -i shows ok after the time, the time remaining, and 500 killed to a killed request", async () => {
  await using service = await startService();
  const running = type(service.port, DOCUMENT_001.request, service.files);
  await untilHeld(service, 12);
  const listed = await type(service.port, DOCUMENT_001.serverStatus, service.files);
  assert.equal(listed.status, 200);
  assert.match(listed.body.trim(), /^\{"12":"[1-4]"\}$/);
  assert.match(listed.stdout, /^HTTP\/1\.1 200 OK\r\n/);
  const ended = await running;
  assert.deepEqual([ended.status, ended.body.trim()], [200, '{"status":"ok"}']);

  const target = hold(service, 12);
  await untilHeld(service, 12);
  const killed = await type(service.port, DOCUMENT_001.kill, service.files);
  assert.deepEqual([killed.status, killed.body.trim()], [200, '{"status":"ok"}']);
  const dead = await target;
  assert.deepEqual([dead.status, dead.text.trim()], [500, '{"status":"killed"}']);

  const none = await type(service.port, DOCUMENT_001.kill, service.files);
  assert.deepEqual([none.status, none.body.trim()], [400, '{"status":"invalid connection Id : 12"}']);
});

Deno.test("document 002: a slot is reserved, used for an upload, a download and a job, watched and modified", async () => {
  await using service = await startService();
  const url = `http://localhost:${service.port}`;
  const curl = async (line: string) => JSON.parse((await shell(line, { cwd: service.files })).stdout) as WorkerView;
  const reserve = async () => (await curl(`curl -s ${url}/${DOCUMENT_002.newJob}`))["worker-id"];
  const path = (pattern: string, id: string, status = "") =>
    `${url}/${pattern.replace("{worker-id}", id).replace("{new_job_status}", status)}`;

  const reserved = await curl(`curl -s ${url}/${DOCUMENT_002.newJob}`);
  assert.equal(reserved.status, "reserved");
  assert.ok(reserved["worker-id"].length >= 22, "128 random bits take 22 characters");
  assert.equal(Math.round(reserved.expires_in), 300);
  assert.match(reserved.expires ?? "", isTime);
  const upload = reserved["worker-id"];
  assert.equal((await curl(`curl -s ${path(DOCUMENT_002.status, upload)}`)).status, "reserved");

  await shell("seq 200000 > numbers", { cwd: service.files });
  const bytes = (await Deno.stat(`${service.files}/numbers`)).size;
  const uploaded = await curl(`curl -s -X POST -T numbers '${path(DOCUMENT_002.upload, upload)}?name=numbers'`);
  assert.deepEqual([uploaded.status, uploaded.bytes, uploaded.file], ["completed", bytes, "numbers"]);
  const sum = await shell("sha256sum numbers", { cwd: service.files });
  assert.equal(uploaded.sha256, sum.stdout.split(" ")[0]);
  assert.equal((await curl(`curl -s ${path(DOCUMENT_002.status, upload)}`)).status, "completed");

  const download = await reserve();
  const got = await shell(
    `curl -sf -X POST -H 'Content-Type: application/json' -d '{"file":"numbers"}' ${
      path(DOCUMENT_002.download, download)
    } | cmp - numbers`,
    { cwd: service.files },
  );
  assert.deepEqual([got.code, got.stdout, got.stderr], [0, "", ""]);
  await eventually(
    "the download has completed",
    async () => (await curl(`curl -s ${path(DOCUMENT_002.status, download)}`)).status === "completed",
  );

  const worker = await reserve();
  const job = curl(
    `curl -s -X POST -H 'Content-Type: application/json' -d '{"command":"sleep 600"}' ${
      path(DOCUMENT_002.job, worker)
    }`,
  );
  await eventually(
    "the job runs",
    async () => (await curl(`curl -s ${path(DOCUMENT_002.status, worker)}`)).status === "running",
  );
  const modify = (status: string) => curl(`curl -s -X POST ${path(DOCUMENT_002.modify, worker, status)}`);
  assert.equal((await modify("paused")).status, "paused");
  assert.equal((await modify("running")).status, "running");
  assert.match((await modify("terminated")).status, /^terminat(ing|ed)$/);
  const ended = await job;
  assert.deepEqual([ended.status, ended["worker-id"]], ["terminated", worker]);

  const unknown = await shell(`curl -s -o /dev/null -w '%{http_code}' ${path(DOCUMENT_002.status, "nobody")}`);
  assert.equal(unknown.stdout, "400");
  const wrong = await shell(
    `curl -s -o /dev/null -w '%{http_code}' -X POST ${path(DOCUMENT_002.modify, worker, "dancing")}`,
  );
  assert.equal(wrong.stdout, "400");
});

Deno.test("document 003: job 45 is listed, submitted, watched and its result read, line by line", async () => {
  await using service = await startService();
  const line = (text: string) => type(service.port, text, service.files);
  const empty = await line(DOCUMENT_003.list);
  assert.deepEqual([empty.status, JSON.parse(empty.body)], [200, { jobs: [] }]);

  const ids = [];
  for (let i = 1; i <= 44; i++) ids.push((await submit(service, `echo ${i}`)).job_id);
  assert.deepEqual(ids, Array.from({ length: 44 }, (_, i) => i + 1));
  const submitted = await line(DOCUMENT_003.submit);
  assert.equal(submitted.status, 202);
  assert.equal(submitted.headers.get("location"), "/api/statuses/45");
  assert.match(submitted.headers.get("content-type") ?? "", isJson);
  const job = JSON.parse(submitted.body) as JobView;
  assert.deepEqual([job.job_id, job.command], [45, "cp  /tmp/file /mnt/nfs/"]);

  const listed = await line(DOCUMENT_003.list);
  assert.equal(listed.status, 200);
  const { jobs } = JSON.parse(listed.body) as { jobs: JobView[] };
  assert.deepEqual(jobs.map(({ job_id }) => job_id), Array.from({ length: 45 }, (_, i) => 45 - i));
  for (const { command, created } of jobs) {
    assert.equal(typeof command, "string");
    assert.match(created, isTime);
  }

  await resultOf(service, 45);
  const done = await line(DOCUMENT_003.status);
  assert.deepEqual([done.status, done.headers.get("location")], [303, "/api/results/45"]);

  await resultOf(service, 4);
  const result = await line(DOCUMENT_003.result);
  assert.equal(result.status, 200);
  const four = JSON.parse(result.body) as ResultView;
  assert.deepEqual([four.result_id, four.stdout, four.stderr, four.exit_code], [4, "4\n", "", 0]);
  assert.equal(typeof four.duration, "number");
  assert.match(four.competed, isTime);
  assert.equal(four.completed, four.competed);
});

Deno.test("document 003: a failed cp tells its exit code and its error output in the result", async () => {
  await using service = await startService();
  const command = `cp  ${service.files}/file /mnt/nfs/`;
  const result = await resultOf(service, (await submit(service, command)).job_id);
  assert.equal(result.exit_code, 1);
  assert.equal(result.stdout, "");
  assert.match(result.stderr, /^cp: .*No such file or directory\n$/);
  assert.ok(result.duration > 0);
});

Deno.test("document 003: a status reads done false while its job runs, and the other addresses answer", async () => {
  await using service = await startService();
  const curl = (url: string, options = "") => type(service.port, `curl ${options} ${url}`, service.files);
  for (let i = 1; i <= 33; i++) await submit(service, i === 12 ? "sleep 600" : "true");
  await untilState(service, 12, "running");
  const running = await curl(DOCUMENT_003.oneStatus, "-X GET");
  assert.equal(running.status, 200);
  const status = JSON.parse(running.body) as StatusView;
  assert.deepEqual([status.status_id, status.done, status.state], [12, false, "running"]);

  const job = await curl(DOCUMENT_003.job);
  assert.equal(job.status, 200);
  assert.equal((JSON.parse(job.body) as JobView).status_url, "/api/statuses/12");
  assert.equal((await curl(DOCUMENT_003.job, "-X DELETE")).status, 409);
  const statuses = JSON.parse((await curl(DOCUMENT_003.statuses)).body) as { statuses: StatusView[] };
  assert.equal(statuses.statuses.length, 33);

  await resultOf(service, 33);
  assert.equal((JSON.parse((await curl(DOCUMENT_003.oneResult)).body) as ResultView).result_id, 33);
  const results = JSON.parse((await curl(DOCUMENT_003.results)).body) as { results: ResultView[] };
  assert.ok(results.results.some(({ result_id }) => result_id === 33));
  assert.ok(!results.results.some(({ result_id }) => result_id === 12), "what still runs has no result");
  assert.equal((await curl(DOCUMENT_003.oneResult, "-X DELETE")).status, 204);
  assert.equal((await curl(DOCUMENT_003.oneResult)).status, 410);
  await remove(service, 12);
  assert.equal((await curl(DOCUMENT_003.job)).status, 404);
});

Deno.test("document 004: a key is written, fetched, missed and deleted, line by line", async () => {
  await using service = await startService();
  const line = (text: string) => type(service.port, text, service.files);
  const missing = await line(DOCUMENT_004.get);
  assert.equal(missing.status, 404);
  assert.equal((await line(DOCUMENT_004.put)).status, 201);
  assert.equal((await line(DOCUMENT_004.put)).status, 204);
  const got = await line(DOCUMENT_004.get);
  assert.equal(got.status, 200);
  assert.equal(got.headers.get("content-type"), "application/octet-stream");
  assert.equal(got.headers.get("content-length"), "12");
  assert.equal(got.body, "hello world!");
  assert.match(got.stdout, /^HTTP\/1\.1 200 OK\r\n/);
  assert.equal((await line(DOCUMENT_004.getMissing)).status, 404);
  assert.equal((await line(DOCUMENT_004.delete)).status, 204);
  assert.equal((await line(DOCUMENT_004.get)).status, 404);
  assert.equal((await line(DOCUMENT_004.delete)).status, 404);
});

Deno.test("document 004: a key is still there after Ctrl-C and another start", async () => {
  await using service = await startService();
  const line = (text: string) => type(service.port, text, service.files);
  assert.equal((await line(DOCUMENT_004.put)).status, 201);
  assert.equal(await service.stop("SIGINT"), 0);
  await service.start();
  const got = await line(DOCUMENT_004.get);
  assert.deepEqual([got.status, got.headers.get("content-length"), got.body], [200, "12", "hello world!"]);
});

Deno.test("the documents' hosts and ports are all that is changed in a line", () => {
  assert.equal(at(1, DOCUMENT_003.list), "curl -i http://localhost:1/api/jobs");
  assert.equal(at(1, DOCUMENT_004.get), "curl -i 'http://localhost:1/foo'");
});
