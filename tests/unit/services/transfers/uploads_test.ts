import assert from "node:assert/strict";
import { join } from "node:path";
import { canMount } from "../../../helpers/can_mount.ts";
import { MemoryStore } from "../../../helpers/memory_store.ts";
import { rejectsWith } from "../../../helpers/problem.ts";
import { tempDir } from "../../../helpers/temp_dir.ts";
import { openServices, type Services } from "../../../helpers/transfer_server.ts";

const body = (text: string) => new Blob([text]).stream();

async function setUp(directory: string) {
  const store = new MemoryStore();
  const services = await openServices({ directory, store });
  const reserve = async () => (await services.workers.reserve()).workerId;
  const content = (name: string) => Deno.readTextFile(join(directory, "files", name));
  const partial = () => [...Deno.readDirSync(join(directory, "files", ".partial"))].map(({ name }) => name);
  return { ...services, store, reserve, content, partial, [Symbol.dispose]: () => services.workers.close() };
}

/** Fails commits that touch a file. */
function failFiles(store: Services["store"]): void {
  (store as MemoryStore).fails = ({ changes }) => changes.some(({ kind }) => kind === "file");
}

Deno.test("an upload whose record cannot be written leaves no file behind", async () => {
  await using directory = await tempDir();
  using services = await setUp(directory.path);
  failFiles(services.store);
  const id = await services.reserve();
  await rejectsWith("storage_full", services.uploads.upload(id, { name: "a", body: body("x") }));
  assert.equal((await services.workers.status(id)).status, "failed");
  await assert.rejects(services.content("a"), Deno.errors.NotFound);
  assert.deepEqual(services.partial(), []);
});

Deno.test("a replacement whose record cannot be written leaves the old file as it was", async () => {
  await using directory = await tempDir();
  using services = await setUp(directory.path);
  await services.uploads.upload(await services.reserve(), { name: "a", body: body("old") });
  failFiles(services.store);
  const replacing = services.uploads.upload(await services.reserve(), { name: "a", body: body("new"), replace: true });
  await rejectsWith("storage_full", replacing);
  assert.equal(await services.content("a"), "old");
  await rejectsWith("storage_full", services.files.delete("a"));
  assert.equal(await services.content("a"), "old");
  assert.deepEqual(services.partial(), []);
});

Deno.test("If-Match replaces the version it names and no other, also when it changed during the upload", async () => {
  await using directory = await tempDir();
  using services = await setUp(directory.path);
  await services.uploads.upload(await services.reserve(), { name: "a", body: body("1") });
  const { etag } = await services.files.get("a");
  const id = await services.reserve();
  const refused = services.uploads.upload(id, { name: "a", body: body("2"), ifMatch: ['"other"'] });
  await rejectsWith("precondition_failed", refused);
  assert.equal((await services.workers.status(id)).status, "reserved");

  const channel = new TransformStream<Uint8Array, Uint8Array>();
  const slow = services.uploads.upload(id, { name: "a", body: channel.readable, ifMatch: [etag] });
  const quick = await services.uploads.upload(await services.reserve(), {
    name: "a",
    body: body("3"),
    ifMatch: [etag],
  });
  assert.equal(quick.status, "completed");
  const lost = rejectsWith("precondition_failed", slow);
  await channel.writable.close();
  await lost;
  assert.equal((await services.workers.status(id)).status, "failed");
  assert.equal(await services.content("a"), "3");
});

Deno.test("If-None-Match: * makes a file only where none is", async () => {
  await using directory = await tempDir();
  using services = await setUp(directory.path);
  const make = async () =>
    services.uploads.upload(await services.reserve(), { name: "a", body: body("x"), ifNoneMatch: "*" });
  assert.equal((await make()).status, "completed");
  await rejectsWith("precondition_failed", make());
});

Deno.test("a file that appeared during the upload is not overwritten", async () => {
  await using directory = await tempDir();
  using services = await setUp(directory.path);
  const channel = new TransformStream<Uint8Array, Uint8Array>();
  const upload = rejectsWith(
    "file_exists",
    services.uploads.upload(await services.reserve(), { name: "a", body: channel.readable }),
  );
  await Deno.writeTextFile(join(directory.path, "files", "a"), "by hand");
  await channel.writable.close();
  await upload;
  assert.equal(await services.content("a"), "by hand");
});

Deno.test("a name is free again after an upload to it has failed", async () => {
  await using directory = await tempDir();
  using services = await setUp(directory.path);
  const failing = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error("broken pipe")) });
  const failed = await rejectsWith(
    "transfer_failed",
    services.uploads.upload(await services.reserve(), { name: "a", body: failing }),
  );
  assert.match(failed.message, /broken pipe/);
  const again = await services.uploads.upload(await services.reserve(), { name: "a", body: body("x") });
  assert.equal(again.status, "completed");
});

Deno.test("a body that is longer or shorter than announced fails", async () => {
  await using directory = await tempDir();
  using services = await setUp(directory.path);
  for (const length of [2, 4]) {
    const upload = services.uploads.upload(await services.reserve(), { name: "a", body: body("abc"), length });
    await rejectsWith("transfer_failed", upload);
  }
  assert.deepEqual((await services.files.list({ limit: 10 })).items, []);
});

Deno.test("an upload refused before it began does not touch the body", async () => {
  await using directory = await tempDir();
  using services = await setUp(directory.path);
  const source = body("x");
  await rejectsWith("worker_unknown", services.uploads.upload("nobody", { name: "a", body: source }));
  await rejectsWith(
    "invalid_file_name",
    services.uploads.upload(await services.reserve(), { name: "a/b", body: source }),
  );
  assert.equal(source.locked, false);
});

async function mount(path: string): Promise<boolean> {
  const args = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path];
  return (await new Deno.Command("mount", { args }).output()).success;
}

Deno.test({
  name: "on a full disk an upload fails, says so, and leaves room for the next",
  ignore: !canMount(),
  async fn() {
    await using directory = await tempDir();
    assert.ok(await mount(directory.path));
    try {
      using services = await setUp(directory.path);
      const id = await services.reserve();
      const big = body("x".repeat(2_000_000));
      const problem = await rejectsWith("transfer_failed", services.uploads.upload(id, { name: "big", body: big }));
      assert.match(problem.message, /space/i);
      assert.equal((await services.workers.status(id)).error, problem.message);
      assert.deepEqual(services.partial(), []);
      const small = await services.uploads.upload(await services.reserve(), { name: "small", body: body("fits") });
      assert.equal(small.status, "completed");
    } finally {
      await new Deno.Command("umount", { args: [directory.path] }).output();
    }
  },
});
