import assert from "node:assert/strict";
import { type TestApp, testApp } from "../helpers/app.ts";

async function worker(service: TestApp): Promise<string> {
  return (await service.ask("GET", "/new_job")).json["worker-id"];
}

async function store(service: TestApp, name: string, body: string): Promise<string> {
  const { status } = await service.ask("POST", `/upload/new/${await worker(service)}?name=${name}`, { body });
  assert.equal(status, 200);
  return (await service.ask("HEAD", `/api/files/${name}`)).headers.get("etag")!;
}

Deno.test("a range counts only for the version that If-Range names", async () => {
  await using service = await testApp();
  const etag = await store(service, "f", "0123456789");
  const download = async (headers: Record<string, string>) =>
    await service.ask("POST", `/download/new/${await worker(service)}?file=f`, { headers });
  const read = (headers: Record<string, string>) => service.ask("GET", "/api/files/f", { headers });
  for (const ask of [download, read]) {
    const part = await ask({ range: "bytes=2-4", "if-range": etag });
    assert.deepEqual([part.status, part.text, part.headers.get("content-range")], [206, "234", "bytes 2-4/10"]);
    const whole = await ask({ range: "bytes=2-4", "if-range": '"another"' });
    assert.deepEqual([whole.status, whole.text, whole.headers.get("content-range")], [200, "0123456789", null]);
  }
});

Deno.test("bytes say that ranges are taken, and that they may have changed when they are wanted again", async () => {
  await using service = await testApp();
  await store(service, "f", "x");
  const { headers } = await service.ask("GET", "/api/files/f");
  assert.deepEqual(
    ["accept-ranges", "cache-control", "content-length", "x-content-type-options"].map((name) => headers.get(name)),
    ["bytes", "no-cache", "1", "nosniff"],
  );
});

Deno.test("a file is removed only as the version that If-Match names", async () => {
  await using service = await testApp();
  const etag = await store(service, "f", "x");
  const remove = (condition: string) => service.ask("DELETE", "/api/files/f", { headers: { "if-match": condition } });
  const refused = await remove('"another"');
  assert.deepEqual([refused.status, refused.json.code], [412, "precondition_failed"]);
  assert.equal((await service.ask("HEAD", "/api/files/f")).status, 200);
  assert.equal((await remove(etag)).status, 204);
  assert.equal((await remove(etag)).status, 404);
});

Deno.test("a compressed body is 415, and the reservation stays usable", async () => {
  await using service = await testApp();
  const id = await worker(service);
  const send = (headers: Record<string, string>) =>
    service.ask("POST", `/upload/new/${id}?name=f`, { body: "x", headers });
  const refused = await send({ "content-encoding": "gzip" });
  assert.deepEqual([refused.status, refused.json.code], [415, "unsupported_media_type"]);
  assert.equal((await send({ "content-encoding": "identity" })).status, 200);
});

Deno.test("an unknown worker is refused before anything of a form is read", async () => {
  await using service = await testApp();
  const never = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull: () => new Promise(() => {}) });
  const { status, json } = await service.ask("POST", "/upload/new/nobody", {
    body: never,
    headers: { "content-type": "multipart/form-data; boundary=x" },
  });
  assert.deepEqual([status, json.code], [400, "worker_unknown"]);
});

Deno.test("either digest field is held against what arrived", async () => {
  await using service = await testApp();
  const wrong = `sha-256=:${"A".repeat(43)}=:`;
  for (const field of ["content-digest", "repr-digest"]) {
    const { status, json } = await service.ask("POST", `/upload/new/${await worker(service)}?name=f`, {
      body: "x",
      headers: { [field]: wrong },
    });
    assert.deepEqual([status, json.code], [400, "digest_mismatch"], field);
  }
  assert.deepEqual((await service.ask("GET", "/api/files")).json, { files: [] });
});

Deno.test("the name in the query goes before the header's, and that before the form's", async () => {
  await using service = await testApp();
  const form = () => {
    const data = new FormData();
    data.set("file", new File(["x"], "form"));
    return data;
  };
  const disposition = { "content-disposition": 'attachment; filename="header"' };
  const name = async (query: string, headers: Record<string, string>, body: BodyInit) =>
    (await service.ask("POST", `/upload/new/${await worker(service)}${query}`, { headers, body })).json.file;
  assert.equal(await name("?name=query", disposition, form()), "query");
  assert.equal(await name("", disposition, form()), "header");
  assert.equal(await name("", {}, form()), "form");
});
