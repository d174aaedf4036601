import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { halfUpload } from "../../helpers/half_upload.ts";
import type { WorkerView } from "../../helpers/views.ts";
import { type Client, startClient } from "./support.ts";

const KIB = 1024;
const WHOLE = 4096 * KIB;

/** Begins a resumable upload of which 2 MiB have arrived. */
async function begin({ service }: Client, name: string) {
  const query = `?name=${encodeURIComponent(name)}`;
  const headers = { "upload-complete": "?1" };
  return await halfUpload(service, { query, headers, bytes: new Uint8Array(2048 * KIB), length: WHOLE });
}

async function untilFailed({ service }: Client, worker: string): Promise<void> {
  await eventually("the server knows that the client is gone", async () => {
    return (await service.call("GET", `/status/${worker}`)).json<WorkerView>().status === "failed";
  });
}

async function beginAndLeave(client: Client, name: string): Promise<string> {
  const upload = await begin(client, name);
  upload[Symbol.dispose]();
  await untilFailed(client, upload.id);
  return upload.id;
}

Deno.test("uploads that broke off are listed with how far they are, by name too, and are forgotten by id", async () => {
  await using client = await startClient();
  const first = await beginAndLeave(client, "отчёт.bin");
  const second = await beginAndLeave(client, "other");
  const { stdout } = await client.run(["uploads"]);
  const row = (id: string, name: string) => `${id} +2\\.0 MiB +4\\.0 MiB +\\d+s +in (?:1d|23h \\d+m) +${name}\n`;
  assert.match(stdout, new RegExp(`^ID +ARRIVED +OF +AGE +FORGOTTEN +NAME\n${row(second, "other")}`));
  assert.match(stdout, new RegExp(`\n${row(first, "отчёт\\.bin")}$`));
  const listed = JSON.parse((await client.run(["uploads", "--name", "отчёт.bin", "--json"])).stdout);
  assert.deepEqual(listed.uploads.map((each: { upload_id: string }) => each.upload_id), [first]);
  const offered = (await client.run(["__complete", "uploads", "rm", ""])).stdout;
  assert.equal(offered, `${second}\tother\n${first}\tотчёт.bin\n`);
  assert.equal((await client.run(["uploads", "rm", first])).stdout, `Upload ${first} is forgotten.\n`);
  assert.deepEqual(JSON.parse((await client.run(["uploads", "rm", "--json", second])).stdout), { upload_id: second });
  assert.equal(JSON.parse((await client.run(["uploads", "--json"])).stdout).uploads.length, 0);
  const again = await client.run(["uploads", "rm", first]);
  assert.deepEqual([again.code, again.stdout], [3, ""]);
  assert.match(again.stderr, /^stint: There is no upload "/);
});

Deno.test("an upload that is under way says so, and is left alone by `uploads rm`, which names what ends it", async () => {
  await using client = await startClient();
  using upload = await begin(client, "f");
  assert.match((await client.run(["uploads"])).stdout, new RegExp(`\n${upload.id} .* under way +f\n$`));
  const { code, stderr } = await client.run(["uploads", "rm", upload.id]);
  assert.deepEqual([code, stderr.includes("`stint kill WORKER-ID` ends it")], [4, true], stderr);
  assert.match(stderr, new RegExp(`by worker ${upload.id}`));
  assert.equal((await client.run(["kill", upload.id])).code, 0);
  await eventually("nothing is left of it", async () => {
    return JSON.parse((await client.run(["uploads", "--json"])).stdout).uploads.length === 0;
  });
});
