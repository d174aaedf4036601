import assert from "node:assert/strict";
import { join } from "node:path";
import { eventually } from "../../helpers/eventually.ts";
import { type TransferServer, transferServer } from "../../helpers/transfer_server.ts";

const MB = 1024 * 1024;

/** A stored file of that size, most of it a hole. */
async function store(server: TransferServer, name: string, bytes: number): Promise<void> {
  const path = join(server.directory, "files", name);
  await Deno.writeTextFile(path, "0123456789");
  await Deno.truncate(path, bytes);
  await server.files.reconcile();
}

async function begin(server: TransferServer, name: string, headers: Record<string, string> = {}) {
  const { workerId } = await server.workers.reserve();
  const response = await fetch(`${server.url}/download/${workerId}?file=${name}`, { method: "POST", headers });
  return { workerId, response };
}

Deno.test("a download gives the whole file, and whoever has it all finds it completed", async () => {
  await using server = await transferServer();
  await store(server, "a", MB + 7);
  const { workerId, response } = await begin(server, "a");
  assert.equal((await response.arrayBuffer()).byteLength, MB + 7);
  const status = await server.workers.status(workerId);
  assert.deepEqual([status.status, status.bytes, status.progress, status.file], ["completed", MB + 7, 1, "a"]);
  assert.equal(server.slots.used, 0);
});

Deno.test("an empty file can be downloaded", async () => {
  await using server = await transferServer();
  await store(server, "empty", 0);
  const { workerId, response } = await begin(server, "empty");
  assert.equal(await response.text(), "");
  await eventually("completed", async () => (await server.workers.status(workerId)).status === "completed");
});

Deno.test("a download honours Range", async () => {
  await using server = await transferServer();
  await store(server, "a", 10);
  const { workerId, response } = await begin(server, "a", { range: "bytes=3-5" });
  assert.equal(response.status, 206);
  assert.equal(await response.text(), "345");
  assert.deepEqual((await server.workers.status(workerId)).bytes, 3);
});

Deno.test("a file that is not there, or a range that is not in it, is refused and the reservation stays usable", async () => {
  await using server = await transferServer();
  await store(server, "a", 10);
  const { workerId } = await server.workers.reserve();
  const post = (query: string, range: string) =>
    fetch(`${server.url}/download/${workerId}?file=${query}`, { method: "POST", headers: { range } });
  for (const name of ["b", "..%2fa", "", ".partial"]) {
    assert.equal((await (await post(name, "")).json()).code, "not_found", name);
  }
  assert.equal((await (await post("a", "bytes=10-")).json()).code, "invalid_range");
  assert.equal(await (await post("a", "bytes=9-")).text(), "9");
});

Deno.test("a paused download sends no more, and goes on when resumed", async () => {
  await using server = await transferServer();
  await store(server, "big", 100 * MB);
  const { workerId, response } = await begin(server, "big");
  const reader = response.body!.getReader();
  let received = (await reader.read()).value!.length;
  await server.workers.modify(workerId, "paused");
  const { bytes } = await server.workers.status(workerId);
  assert.ok(bytes < 100 * MB);
  while (received < bytes) received += (await reader.read()).value!.length;
  const next = reader.read();
  const late = await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 300, "nothing"))]);
  assert.equal(late, "nothing");
  await server.workers.modify(workerId, "running");
  received += (await next).value!.length;
  for (let part = await reader.read(); !part.done; part = await reader.read()) received += part.value.length;
  assert.equal(received, 100 * MB);
  assert.equal((await server.workers.status(workerId)).status, "completed");
});

Deno.test("terminated halfway, a download breaks off: no client takes half for whole", async () => {
  await using server = await transferServer();
  await store(server, "big", 100 * MB);
  for (const pauseFirst of [false, true]) {
    const { workerId, response } = await begin(server, "big");
    const reader = response.body!.getReader();
    await reader.read();
    if (pauseFirst) await server.workers.modify(workerId, "paused");
    const status = await server.workers.modify(workerId, "terminated");
    assert.ok(status.bytes > 0 && status.bytes < 100 * MB);
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    });
    assert.equal((await server.workers.status(workerId)).status, "terminated");
  }
  assert.equal(server.slots.used, 0);
});

Deno.test("curl fails when its download is terminated", async () => {
  await using server = await transferServer();
  await store(server, "big", 100 * MB);
  const { workerId } = await server.workers.reserve();
  const curl = new Deno.Command("curl", {
    args: ["-sS", "--limit-rate", "5M", "-o", "/dev/null", "-X", "POST", `${server.url}/download/${workerId}?file=big`],
    stderr: "null",
  }).spawn();
  await eventually("bytes flow", async () => (await server.workers.status(workerId)).bytes > MB);
  await server.workers.modify(workerId, "terminated");
  assert.equal((await curl.status).code, 18);
});

Deno.test("a client that leaves makes the download fail", async () => {
  await using server = await transferServer();
  await store(server, "big", 100 * MB);
  const { workerId, response } = await begin(server, "big");
  const reader = response.body!.getReader();
  await reader.read();
  await reader.cancel();
  const status = await eventually("it has failed", async () => {
    const status = await server.workers.status(workerId);
    return status.status === "failed" && status;
  });
  assert.match(status.error ?? "", /client left after \d+ bytes/);
  assert.equal(server.slots.used, 0);
});

Deno.test("draining breaks off a download that does not end", async () => {
  await using server = await transferServer();
  await store(server, "big", 100 * MB);
  const { workerId, response } = await begin(server, "big");
  const reader = response.body!.getReader();
  await reader.read();
  await server.workers.drain(50);
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  });
  const status = await server.workers.status(workerId);
  assert.deepEqual([status.status, /shut down/.test(status.error ?? "")], ["failed", true]);
});
