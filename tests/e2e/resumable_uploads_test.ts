import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { canMount } from "../helpers/can_mount.ts";
import { eventually } from "../helpers/eventually.ts";
import { halfUpload } from "../helpers/half_upload.ts";
import { runProgram } from "../helpers/program.ts";
import { type Service, startService } from "../helpers/service.ts";
import { shell } from "../helpers/shell.ts";
import { Viewer } from "../helpers/viewer.ts";
import type { ProblemView, WorkerView } from "../helpers/views.ts";

const MIB = 1024 * 1024;
const HALF = 2 * MIB + 4321;
const CONTENT = randomBytes(5 * MIB + 17);
const RESUMABLE = { "upload-complete": "?1" };

function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  for (let i = 0; i < size; i += 65_536) crypto.getRandomValues(all.subarray(i, Math.min(size, i + 65_536)));
  return all;
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
const digestField = (bytes: Uint8Array) => `sha-256=:${sha256(bytes).toString("base64")}:`;

interface UploadView {
  upload_id: string;
  name: string;
  bytes: number;
  total: number | null;
  expires: string | null;
  "worker-id": string | null;
}

async function reserve(service: Service): Promise<string> {
  return (await service.call("GET", "/new_job")).json<WorkerView>()["worker-id"];
}

async function uploads(service: Service): Promise<UploadView[]> {
  return (await service.call("GET", "/api/uploads")).json<{ uploads: UploadView[] }>().uploads;
}

/** What lies in the data directory besides whole files. */
async function unfinished(service: Service): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(`${service.data}/files/.partial`))).map(({ name }) => name);
}

/** Begins an upload whose client leaves halfway; gives its id. */
async function leftHalfway(service: Service, name: string, headers: Record<string, string> = RESUMABLE) {
  const bytes = CONTENT.subarray(0, HALF);
  const upload = await halfUpload(service, { query: `?name=${name}`, headers, bytes, length: CONTENT.length });
  upload[Symbol.dispose]();
  await untilFailed(service, upload.id);
  return upload.id;
}

async function untilFailed(service: Service, id: string): Promise<WorkerView> {
  return await eventually("the worker has failed", async () => {
    const worker = (await service.call("GET", `/status/${id}`)).json<WorkerView>();
    return worker.status === "failed" && worker;
  });
}

async function goOn(service: Service, id: string, offset: number, { query = "", headers = {}, worker = "" } = {}) {
  return await service.call("POST", `/upload/new/${worker || await reserve(service)}?resume=${id}${query}`, {
    body: CONTENT.slice(offset),
    headers: { "upload-offset": String(offset), ...headers },
  });
}

async function assertStored(service: Service, name: string): Promise<void> {
  const got = await service.call("GET", `/api/files/${name}`);
  assert.equal(got.status, 200);
  assert.deepEqual(sha256(got.bytes), sha256(CONTENT));
  assert.deepEqual(await uploads(service), []);
  assert.deepEqual(await unfinished(service), []);
}

Deno.test("a resumable upload whose client leaves halfway is gone on with by another worker, and told as one file", async () => {
  await using service = await startService();
  const id = await leftHalfway(service, "a");
  assert.deepEqual((await service.call("GET", "/api/files")).json(), { files: [] });
  const [found] = await uploads(service);
  assert.deepEqual(
    [found!.upload_id, found!.name, found!.bytes, found!.total, found!["worker-id"]],
    [id, "a", HALF, CONTENT.length, null],
  );
  const day = Date.parse(found!.expires!) - Date.now();
  assert.ok(day > 80_000_000 && day <= 86_400_000, found!.expires!);
  const named = (name: string) => service.call("GET", `/api/uploads?name=${name}`);
  assert.equal((await named("a")).json<{ uploads: unknown[] }>().uploads.length, 1);
  assert.deepEqual((await named("b")).json(), { uploads: [] });

  const head = await service.call("HEAD", `/api/uploads/${id}`);
  const field = (name: string) => head.headers.get(`upload-${name}`);
  assert.deepEqual([head.status, head.text], [204, ""]);
  assert.match(head.headers.get("cache-control")!, /^no-store\b/);
  assert.deepEqual([field("offset"), field("complete"), field("length")], [`${HALF}`, "?0", `${CONTENT.length}`]);
  assert.match(field("limit")!, /^max-age=8\d{4}$/);
  const got = (await service.call("GET", `/api/uploads/${id}`)).json<{ sha256: string }>();
  assert.equal(got.sha256, sha256(CONTENT.subarray(0, HALF)).toString("hex"));

  const headers = { "content-digest": digestField(CONTENT.subarray(HALF)), "repr-digest": digestField(CONTENT) };
  const done = await goOn(service, id, HALF, { headers });
  const worker = done.json<WorkerView & { sha256: string; file: string; total: number }>();
  assert.deepEqual(
    [done.status, worker.status, worker.bytes, worker.total, worker.file, worker.sha256],
    [200, "completed", CONTENT.length, CONTENT.length, "a", sha256(CONTENT).toString("hex")],
  );
  await assertStored(service, "a");
  assert.equal((await service.call("HEAD", `/api/uploads/${id}`)).status, 404);
});

Deno.test("a resumable upload goes on over a server that is killed halfway, from what was told to be on disk", async () => {
  await using service = await startService();
  const bytes = CONTENT.subarray(0, HALF);
  using upload = await halfUpload(service, { query: "?name=a", headers: RESUMABLE, bytes, length: CONTENT.length });
  const told = Number((await service.call("HEAD", `/api/uploads/${upload.id}`)).headers.get("upload-offset"));
  assert.ok(told > MIB && told <= HALF, `${told} bytes`);
  await service.kill9();
  await service.restart();
  assert.equal((await untilFailed(service, upload.id)).status, "failed");
  const offset = Number((await service.call("HEAD", `/api/uploads/${upload.id}`)).headers.get("upload-offset"));
  assert.ok(offset >= told, `${told} bytes were told to be on disk, ${offset} are`);
  assert.equal((await goOn(service, upload.id, offset)).status, 200);
  await assertStored(service, "a");
});

Deno.test("an upload that did not ask to be resumable leaves nothing, whether its client leaves or the server is killed", async () => {
  await using service = await startService();
  const id = await leftHalfway(service, "a", {});
  assert.deepEqual([await uploads(service), await unfinished(service)], [[], []]);
  assert.equal((await service.call("HEAD", `/api/uploads/${id}`)).status, 404);
  const bytes = CONTENT.subarray(0, HALF);
  using upload = await halfUpload(service, { query: "?name=a", bytes, length: CONTENT.length });
  assert.deepEqual(await unfinished(service), [upload.id]);
  await service.kill9();
  await service.restart();
  assert.deepEqual([await uploads(service), await unfinished(service)], [[], []]);
});

Deno.test("another offset than the end is 409 with the right one, and what makes no sense is refused", async () => {
  await using service = await startService();
  const id = await leftHalfway(service, "a");
  const worker = await reserve(service);
  const wrong = await goOn(service, id, HALF - 1, { worker });
  const problem = wrong.json<ProblemView & { "expected-offset": number }>();
  assert.deepEqual([wrong.status, problem.code, problem["expected-offset"]], [409, "upload_offset_mismatch", HALF]);
  assert.equal(wrong.headers.get("upload-offset"), String(HALF));
  const refusals: [string, Record<string, string>, number, string][] = [
    [`?resume=${id}`, {}, 400, "invalid_request"],
    [`?resume=${id}`, { "upload-offset": "-1" }, 400, "invalid_request"],
    [`?resume=${id}`, { "upload-offset": `${HALF}`, "upload-complete": "?0" }, 400, "invalid_request"],
    [`?resume=${id}`, { "upload-offset": `${HALF}`, "upload-length": "1" }, 400, "invalid_request"],
    [`?resume=${id}&name=b`, { "upload-offset": `${HALF}` }, 400, "invalid_request"],
    ["?name=b", { "upload-offset": "1", "upload-complete": "?1" }, 400, "invalid_request"],
    ["?resume=nobody", { "upload-offset": "0" }, 404, "not_found"],
    [
      "?name=b",
      { "upload-complete": "?1", "content-type": "multipart/form-data; boundary=x" },
      415,
      "unsupported_media_type",
    ],
  ];
  for (const [query, headers, status, code] of refusals) {
    const answer = await service.call("POST", `/upload/new/${worker}${query}`, { body: "x", headers });
    assert.deepEqual([answer.status, answer.json<ProblemView>().code], [status, code], `${query} ${answer.text}`);
  }
  assert.equal((await goOn(service, id, HALF, { worker })).status, 200, "the reservation has stayed usable");
  await assertStored(service, "a");
});

Deno.test("of two who go on at once the second is 409, and it cannot be removed meanwhile", async () => {
  await using service = await startService();
  const id = await leftHalfway(service, "a");
  const bytes = CONTENT.subarray(HALF, HALF + MIB);
  const headers = { "upload-offset": String(HALF) };
  using first = await halfUpload(service, { query: `?resume=${id}`, headers, bytes, length: CONTENT.length - HALF });
  const second = await goOn(service, id, HALF);
  assert.deepEqual([second.status, second.json<ProblemView>().code], [409, "upload_active"]);
  assert.equal((await service.call("DELETE", `/api/uploads/${id}`)).status, 409);
  assert.deepEqual((await uploads(service)).map((upload) => [upload["worker-id"], upload.expires]), [[first.id, null]]);
  await first.connection.send(CONTENT.subarray(HALF + MIB));
  assert.match(await first.connection.until(), /^HTTP\/1\.1 200 .*"status":"completed"/s);
  await assertStored(service, "a");
});

Deno.test("terminated, an upload is forgotten, at its beginning, gone on with, and paused", async () => {
  await using service = await startService();
  const bytes = CONTENT.subarray(0, HALF);
  const query = "?name=a";
  using begun = await halfUpload(service, { query, headers: RESUMABLE, bytes, length: CONTENT.length });
  assert.equal((await service.call("POST", `/modify/${begun.id}/paused`)).status, 200);
  assert.equal((await service.call("POST", `/modify/${begun.id}/terminated`)).status, 200);
  const ended = (text: string) => text.includes('"status":"terminated"');
  assert.match(await begun.connection.until(ended), /^HTTP\/1\.1 200 /);
  const id = await leftHalfway(service, "a");
  using more = await halfUpload(service, {
    query: `?resume=${id}`,
    headers: { "upload-offset": String(HALF) },
    bytes: CONTENT.subarray(HALF, HALF + MIB),
    length: CONTENT.length - HALF,
  });
  assert.equal((await service.call("POST", `/modify/${more.id}/terminated`)).status, 200);
  assert.match(await more.connection.until(ended), /^HTTP\/1\.1 200 /);
  assert.deepEqual([await uploads(service), await unfinished(service)], [[], []]);
});

Deno.test("an upload that nobody goes on with expires, its bytes with it; so does one that is deleted", async () => {
  await using service = await startService({ args: ["--keep-partial", "0.00003"] });
  const id = await leftHalfway(service, "a");
  await eventually("it is gone from the disk", async () => (await unfinished(service)).length === 0);
  assert.deepEqual(await uploads(service), []);
  assert.equal((await goOn(service, id, HALF)).status, 404);
  const killed = await leftHalfway(service, "b");
  await service.kill9();
  await service.restart();
  await eventually("one of an earlier server goes, too", async () => (await unfinished(service)).length === 0);
  assert.equal((await service.call("HEAD", `/api/uploads/${killed}`)).status, 404);
  await service.restart(["--keep-partial", "none"]);
  const kept = await leftHalfway(service, "c");
  assert.equal((await uploads(service))[0]!.expires, null);
  assert.equal((await service.call("DELETE", `/api/uploads/${kept}`)).status, 204);
  assert.equal((await service.call("DELETE", `/api/uploads/${kept}`)).status, 404);
  assert.deepEqual([await uploads(service), await unfinished(service)], [[], []]);
});

Deno.test("a name that somebody took meanwhile is a conflict as for any upload, and what has arrived stays", async () => {
  await using service = await startService();
  const id = await leftHalfway(service, "a");
  await service.call("POST", `/upload/new/${await reserve(service)}?name=a`, { body: "another" });
  const { etag } = Object.fromEntries((await service.call("HEAD", "/api/files/a")).headers);
  assert.equal((await goOn(service, id, HALF)).json<ProblemView>().code, "file_exists");
  const failed = await goOn(service, id, HALF, { headers: { "if-match": '"other"' } });
  assert.deepEqual([failed.status, failed.json<ProblemView>().code], [412, "precondition_failed"]);
  const end = CONTENT.length - 1;
  using last = await halfUpload(service, {
    query: `?resume=${id}`,
    headers: { "upload-offset": String(HALF), "if-match": etag! },
    bytes: CONTENT.subarray(HALF, end),
    length: CONTENT.length - HALF,
  });
  // In the last moment it becomes another one.
  await service.call("POST", `/upload/new/${await reserve(service)}?name=a&replace=true`, { body: "a third" });
  await last.connection.send(CONTENT.subarray(end));
  const text = await last.connection.until();
  assert.match(text, new RegExp(`^HTTP/1\\.1 412 .*\\r\\nupload-offset: ${CONTENT.length}\\r\\n`, "is"));
  assert.equal((await service.call("GET", "/api/files/a")).text, "a third");
  const replaced = await goOn(service, id, CONTENT.length, { query: "&replace=true" });
  assert.equal(replaced.status, 200, replaced.text);
  await assertStored(service, "a");
});

Deno.test("a Content-Digest that does not match costs what its request carried, a Repr-Digest everything", async () => {
  await using service = await startService();
  const id = await leftHalfway(service, "a");
  const wrong = digestField(new Uint8Array(1));
  const part = await goOn(service, id, HALF, { headers: { "content-digest": wrong } });
  assert.deepEqual([part.status, part.json<ProblemView>().code], [400, "digest_mismatch"]);
  assert.equal(part.headers.get("upload-offset"), String(HALF));
  assert.equal((await service.call("HEAD", `/api/uploads/${id}`)).headers.get("upload-offset"), String(HALF));
  const all = await goOn(service, id, HALF, { headers: { "repr-digest": wrong } });
  assert.deepEqual([all.status, all.json<ProblemView>().code], [400, "digest_mismatch"]);
  assert.deepEqual([await uploads(service), await unfinished(service)], [[], []]);
  assert.deepEqual((await service.call("GET", "/api/files")).json(), { files: [] });
});

Deno.test("what has arrived is kept when the body stalls and when the server is stopped, and the answer says how much", async () => {
  await using service = await startService({ args: ["--body-timeout", "1", "--drain", "0"] });
  const begin = () =>
    halfUpload(service, {
      query: "?name=a",
      headers: RESUMABLE,
      bytes: CONTENT.subarray(0, HALF),
      length: CONTENT.length,
    });
  using stalled = await begin();
  const text = await stalled.connection.until((text) => text.includes("}"));
  assert.match(text, new RegExp(`^HTTP/1\\.1 408 .*\\r\\nupload-offset: ${HALF}\\r\\n`, "is"));
  await service.restart(["--drain", "0"]);
  assert.equal((await goOn(service, stalled.id, HALF)).status, 200);
  await service.call("DELETE", "/api/files/a");
  using stopped = await begin();
  const answer = stopped.connection.until((text) => text.includes("}"));
  await service.restart();
  assert.match(await answer, new RegExp(`^HTTP/1\\.1 503 .*"upload_offset":${HALF}`, "s"));
  assert.equal((await goOn(service, stopped.id, HALF)).status, 200);
  await assertStored(service, "a");
});

Deno.test("what has arrived before the disk was full is kept, and goes on when there is room again", {
  ignore: !canMount(),
}, async () => {
  const root = await Deno.makeTempDir({ prefix: "stint-full-" });
  assert.equal((await shell(`mount -t tmpfs -o size=32m,mode=700 tmpfs '${root}'`)).code, 0);
  try {
    await using service = await startService({ data: `${root}/data` });
    const id = await reserve(service);
    const { stdout: free } = await shell(`df -Pk '${root}' | awk 'END { print $4 * 1024 }'`);
    // Less than the file, and enough for what the server itself has to write down.
    await Deno.writeFile(`${root}/filler`, new Uint8Array(Number(free) - 4 * MIB));
    const full = await service.call("POST", `/upload/new/${id}?name=a`, { body: CONTENT, headers: RESUMABLE });
    assert.deepEqual([full.status, full.json<ProblemView>().code], [500, "transfer_failed"], full.text);
    const offset = Number(full.headers.get("upload-offset"));
    assert.ok(offset > MIB && offset < CONTENT.length, `${offset} bytes`);
    await Deno.remove(`${root}/filler`);
    const write = () => service.call("PUT", "/after", { body: "x" });
    await eventually("there is room again", async () => (await write()).status === 201);
    assert.equal((await service.call("HEAD", `/api/uploads/${id}`)).headers.get("upload-offset"), String(offset));
    assert.equal((await goOn(service, id, offset)).status, 200);
    await assertStored(service, "a");
  } finally {
    await shell(`umount '${root}'`);
    await Deno.remove(root);
  }
});

Deno.test("looking needs workers:read, removing workers:write, and the audit log tells which upload was gone on with", async () => {
  await using service = await startService();
  const id = await leftHalfway(service, "a");
  const token = async (name: string, scope: string) => {
    const { stdout } = await runProgram(["token", "create", "--name", name, "--scope", scope, "--data", service.data]);
    return { authorization: `Bearer ${stdout.trim()}` };
  };
  const reader = await token("reader", "workers:read");
  const other = await token("other", "files:write,jobs:write");
  const writer = await token("writer", "workers:write");
  const status = async (method: string, path: string, headers: Record<string, string>) =>
    (await service.call(method, path, { headers })).status;
  await eventually("a token is asked for", async () => await status("GET", "/api/uploads", {}) === 401);
  for (const path of ["/api/uploads", `/api/uploads/${id}`]) {
    assert.deepEqual([await status("GET", path, reader), await status("GET", path, other)], [200, 403], path);
  }
  assert.deepEqual(
    [await status("DELETE", `/api/uploads/${id}`, reader), await status("DELETE", `/api/uploads/${id}`, other)],
    [403, 403],
  );
  const worker = (await service.call("GET", "/new_job", { headers: writer })).json<WorkerView>()["worker-id"];
  assert.equal((await goOn(service, id, HALF, { worker, headers: other })).status, 403);
  assert.equal((await goOn(service, id, HALF - 1, { worker, headers: writer })).status, 409);
  assert.equal(await status("DELETE", `/api/uploads/${id}`, writer), 204);
  const admin = await token("admin", "admin");
  const { audit } = (await service.call("GET", "/api/audit", { headers: admin }))
    .json<{ audit: { action: string; object: string; status: number; token: string }[] }>();
  const rows = audit.map(({ action, object, status, token }) => `${action} ${object} ${status} ${token}`);
  const short = (text: string) => `${text.slice(0, 8)}…`;
  assert.ok(rows.includes(`upload ${short(worker)} resumes ${short(id)} 409 writer`), rows.join("\n"));
  assert.ok(rows.includes(`deleteUpload ${short(id)} 204 writer`), rows.join("\n"));
  assert.ok(!JSON.stringify(audit).includes(id));
});

Deno.test("what becomes of an upload is told as events", async () => {
  await using service = await startService();
  await using viewer = await Viewer.open(`${service.url}/api/events?types=workers`);
  const id = await leftHalfway(service, "a");
  await goOn(service, id, HALF);
  const told = () => viewer.data<{ upload_id: string; "worker-id": string | null }>("upload");
  await eventually("its end is told", () => viewer.data("upload_removed").length === 1);
  assert.deepEqual(viewer.data("upload_removed"), [{ upload_id: id }]);
  assert.deepEqual(told().map((upload) => upload.upload_id), [id, id, id]);
  assert.deepEqual(told().map((upload) => upload["worker-id"] === null), [false, true, false]);
});
