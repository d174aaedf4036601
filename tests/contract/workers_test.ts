import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { testApp } from "../helpers/app.ts";

Deno.test("a reservation is fresh, unguessable and takes a slot", async () => {
  await using service = await testApp({ slots: 1 });
  const { status, headers, json } = await service.ask("GET", "/new_job/");
  assert.deepEqual([status, headers.get("cache-control"), json.status], [200, "no-store", "reserved"]);
  assert.match(json["worker-id"], /^[\w-]{22,}$/);
  const full = await service.ask("GET", "/new_job");
  assert.equal(full.status, 503);
  assert.ok(Number(full.headers.get("retry-after")) > 0);
});

Deno.test("unknown workers and forbidden changes are 400 throughout", async () => {
  await using service = await testApp();
  const unknown = ["GET /status/x", "POST /modify/x/paused", "POST /upload/new/x", "POST /download/new/x?file=a"];
  for (const request of unknown) {
    const [method, path] = request.split(" ") as [string, string];
    const { status, json } = await service.ask(method, path);
    assert.deepEqual([status, json.code], [400, "worker_unknown"], request);
  }
  assert.equal((await service.ask("POST", "/job/new/x", { json: { command: "true" } })).json.code, "worker_unknown");
  const id = (await service.ask("GET", "/new_job")).json["worker-id"];
  const paused = await service.ask("POST", `/modify/${id}/paused`);
  assert.deepEqual([paused.status, paused.json.status, paused.json.code], [400, 400, "invalid_transition"]);
  const nonsense = await service.ask("POST", `/modify/${id}/sideways`);
  assert.deepEqual([nonsense.status, nonsense.json.code], [400, "invalid_request"]);
  assert.equal((await service.ask("POST", `/modify/${id}/terminate`)).json.status, "terminated");
});

Deno.test("what is uploaded raw or as a form can be listed, read, downloaded and removed", async () => {
  await using service = await testApp();
  const worker = async () => (await service.ask("GET", "/new_job")).json["worker-id"];
  const form = new FormData();
  form.set("file", new File(["ёлка"], "ёлка.txt"));
  assert.equal((await service.ask("POST", `/upload/new/${await worker()}`, { body: form })).json.file, "ёлка.txt");
  const raw = await service.ask("POST", `/upload/new/${await worker()}?name=b.bin`, { body: "12345" });
  assert.deepEqual([raw.json.status, raw.json.bytes, raw.json.progress], ["completed", 5, 1]);

  const { files } = (await service.ask("GET", "/api/files?limit=1")).json;
  assert.equal(files[0].name, "b.bin");
  const name = encodeURIComponent("ёлка.txt");
  const read = await service.ask("GET", `/api/files/${name}`);
  assert.equal(read.text, "ёлка");
  assert.match(read.headers.get("content-disposition")!, /filename\*=UTF-8''%D1%91/);
  const etag = read.headers.get("etag")!;
  assert.equal((await service.ask("GET", `/api/files/${name}`, { headers: { "if-none-match": etag } })).status, 304);

  // As `curl -d` sends it.
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const body = '{"file":"b.bin"}';
  const part = await service.ask("POST", `/download/new/${await worker()}`, {
    body,
    headers: { ...type, range: "bytes=1-2" },
  });
  assert.deepEqual([part.status, part.text, part.headers.get("content-range")], [206, "23", "bytes 1-2/5"]);
  assert.equal((await service.ask("DELETE", "/api/files/b.bin")).status, 204);
  assert.equal((await service.ask("DELETE", "/api/files/b.bin")).status, 404);
});

Deno.test("a refused download leaves the reservation usable", async () => {
  await using service = await testApp();
  const id = (await service.ask("GET", "/new_job")).json["worker-id"];
  const download = (query: string, body?: string) => service.ask("POST", `/download/new/${id}${query}`, { body });
  assert.equal((await download("?file=missing")).status, 404);
  assert.equal((await download("")).status, 400);
  assert.equal((await download("?file=a", '{"file":"b"}')).status, 400);
  assert.equal((await download("", '{"fiel":"b"}')).json.errors.length, 2);
  assert.equal((await service.ask("GET", `/status/${id}`)).json.status, "reserved");
});

Deno.test("a job in a worker is answered when it is over, or at once for Prefer: respond-async", async () => {
  await using service = await testApp();
  const worker = async () => (await service.ask("GET", "/new_job")).json["worker-id"];
  const done = await service.ask("POST", `/job/new/${await worker()}`, { json: { command: "exit 3" } });
  assert.deepEqual([done.status, done.json.status, done.json.exit_code, done.json.result_url], [
    200,
    "completed",
    3,
    "/api/results/1",
  ]);
  const failed = await service.ask("POST", `/job/new/${await worker()}`, {
    json: { command: "sleep 600", timeout: 0.1 },
  });
  assert.deepEqual([failed.status, failed.json.status], [500, "failed"]);
  const headers = { prefer: "respond-async" };
  const later = await service.ask("POST", `/job/new/${await worker()}`, { json: { command: "true" }, headers });
  assert.deepEqual([later.status, later.headers.get("location")], [202, "/api/statuses/3"]);
  assert.equal(later.headers.get("preference-applied"), "respond-async");
});

Deno.test("whoever waits for a job in a worker is told where it goes on when the server stops", async () => {
  await using service = await testApp();
  const id = (await service.ask("GET", "/new_job")).json["worker-id"];
  const waiting = service.ask("POST", `/job/new/${id}`, { json: { command: "sleep 600" } });
  await eventually("it runs", async () => (await service.ask("GET", `/status/${id}`)).json.status === "running");
  service.stop();
  const { status, headers } = await waiting;
  assert.deepEqual([status, headers.get("location")], [503, "/api/statuses/1"]);
  await service.forget(1);
});
