import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Services, transferServer } from "../../helpers/transfer_server.ts";
import { rejectsWith } from "../../helpers/problem.ts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

async function put(services: Services, name: string, text: string): Promise<void> {
  const { workerId } = await services.workers.reserve();
  await services.uploads.upload(workerId, { name, body: new Blob([text]).stream() });
}

async function listed(services: Services): Promise<[string, number, string][]> {
  const { items } = await services.files.list({ limit: 100 });
  return items.map(({ name, bytes, sha256 }) => [name, bytes, sha256]);
}

Deno.test("files are listed by name, page by page", async () => {
  await using server = await transferServer();
  for (const name of ["b", "я", "a"]) await put(server, name, name);
  const first = await server.files.list({ limit: 2 });
  const second = await server.files.list({ limit: 2, cursor: first.next! });
  assert.deepEqual([first, second].map((page) => page.items.map(({ name }) => name)), [["a", "b"], ["я"]]);
  assert.equal(second.next, undefined);
});

Deno.test("a file is read whole, in part, or not at all when the reader has it already", async () => {
  await using server = await transferServer();
  await put(server, "a", "0123456789");
  const { etag } = await server.files.get("a");
  const read = async (request: Parameters<Services["files"]["read"]>[1]) => {
    const opened = await server.files.read("a", request);
    return opened.notModified ? "not modified" : await new Response(opened.stream).text();
  };
  assert.equal(await read({}), "0123456789");
  assert.equal(await read({ range: "bytes=2-3" }), "23");
  assert.equal(await read({ range: "bytes=2-3", ifRange: etag }), "23");
  assert.equal(await read({ range: "bytes=2-3", ifRange: '"other"' }), "0123456789");
  assert.equal(await read({ ifNoneMatch: [etag] }), "not modified");
  assert.equal(await read({ ifMatch: [etag] }), "0123456789");
  await rejectsWith("precondition_failed", read({ ifMatch: ['"other"'] }));
  assert.equal((await rejectsWith("invalid_range", read({ range: "bytes=10-" }))).extras.members?.size, 10);
  await rejectsWith("not_found", server.files.read("b"));
  await rejectsWith("not_found", server.files.read("../stint.db"));
});

Deno.test("a deleted file is gone from list and disk, and its condition is heeded", async () => {
  await using server = await transferServer();
  await put(server, "a", "x");
  await rejectsWith("precondition_failed", server.files.delete("a", ['"other"']));
  await server.files.delete("a", [(await server.files.get("a")).etag]);
  assert.deepEqual(await listed(server), []);
  assert.deepEqual(await server.onDisk(), { files: [], partial: [] });
  await rejectsWith("not_found", server.files.delete("a"));
});

Deno.test("at start the records are made to agree with the disk, and what was unfinished is gone", async () => {
  await using server = await transferServer();
  for (const name of ["vanished", "changed", "same"]) await put(server, name, name);
  const directory = join(server.directory, "files");
  await Deno.remove(join(directory, "vanished"));
  await Deno.writeTextFile(join(directory, "changed"), "otherwise");
  await Deno.writeTextFile(join(directory, "by hand"), "hello");
  await Deno.writeTextFile(join(directory, ".partial", "half"), "hal");
  await Deno.mkdir(join(directory, "sub"));
  await Deno.symlink("/etc/passwd", join(directory, "link"));

  await server.files.open();
  await server.files.reconcile();
  assert.deepEqual(await listed(server), [
    ["by hand", 5, hash("hello")],
    ["changed", 9, hash("otherwise")],
    ["same", 4, hash("same")],
  ]);
  assert.deepEqual((await server.onDisk()).partial, []);
  await rejectsWith("not_found", server.files.read("link"));
});

Deno.test("a file that is changed while the server runs is read with its new size and tag", async () => {
  await using server = await transferServer();
  await put(server, "a", "before");
  await Deno.writeTextFile(join(server.directory, "files", "a"), "afterwards");
  const opened = await server.files.read("a");
  assert.ok(!opened.notModified);
  assert.deepEqual([opened.length, opened.etag], [10, `"${hash("afterwards")}"`]);
  assert.equal(await new Response(opened.stream).text(), "afterwards");
  await Deno.remove(join(server.directory, "files", "a"));
  await rejectsWith("not_found", server.files.read("a"));
  assert.deepEqual(await listed(server), []);
});

Deno.test("a file that shrinks while it is read breaks off instead of ending early", async () => {
  await using server = await transferServer();
  await put(server, "a", "x".repeat(200_000));
  const opened = await server.files.read("a");
  assert.ok(!opened.notModified);
  const reader = opened.stream.getReader();
  await reader.read();
  await Deno.truncate(join(server.directory, "files", "a"), 70_000);
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  }, /shortened/);
});
