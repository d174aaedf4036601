import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { UploadRequest } from "../../../lib/services/transfers/upload_request.ts";
import { sweep } from "../../../lib/services/transfers/partials_upkeep.ts";
import { eventually } from "../../helpers/eventually.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { MemoryStore } from "../../helpers/memory_store.ts";
import { rejectsWith } from "../../helpers/problem.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { openServices, type Services, transferServer } from "../../helpers/transfer_server.ts";

const MB = 1024 * 1024;
const CONTENT = crypto.getRandomValues(new Uint8Array(60_000));
const hash = (bytes: Uint8Array, algorithm = "sha256") => createHash(algorithm).update(bytes).digest();

/** A body that breaks off after what it has. */
function broken(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let given = false;
  return new ReadableStream({
    pull(controller) {
      if (given) throw new Error("The line went dead.");
      given = true;
      controller.enqueue(bytes);
    },
  }, { highWaterMark: 0 });
}

/** A body that stays open after what it has, until `end` is called. */
function open(bytes: Uint8Array): { body: ReadableStream<Uint8Array>; end: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let given = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (given) {
        await promise;
        return controller.close();
      }
      given = true;
      controller.enqueue(bytes);
    },
  }, { highWaterMark: 0 });
  return { body, end: resolve };
}

function whole(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
}

/** Begins an upload that breaks off after `bytes` of {@link CONTENT}; gives its id. */
async function begun(services: Services, name: string, bytes: number, total?: number): Promise<string> {
  const { workerId } = await services.workers.reserve();
  const body = broken(CONTENT.subarray(0, bytes));
  const resumable = { digests: [], ...(total !== undefined && { total }) };
  await rejectsWith("transfer_failed", services.uploads.upload(workerId, { name, body, resumable }));
  return workerId;
}

async function goOn(
  services: Services,
  id: string,
  offset: number,
  request: Partial<UploadRequest> = {},
): ReturnType<Services["uploads"]["upload"]> {
  const { workerId } = await services.workers.reserve();
  return await services.uploads.upload(workerId, {
    body: whole(CONTENT.subarray(offset)),
    ...request,
    resumable: { digests: [], ...request.resumable, resume: { id, offset } },
  });
}

/** Waits until a worker brings more of an upload; gives its id. */
async function untilRunning(services: Services, id: string): Promise<string> {
  return await eventually("it is gone on with", async () => {
    const { worker } = await services.partials.get(id);
    return worker !== null && (await services.workers.status(worker)).status === "running" && worker;
  });
}

async function content(services: Services, name: string): Promise<Uint8Array> {
  const opened = await services.files.read(name);
  assert.ok(!opened.notModified);
  return new Uint8Array(await new Response(opened.stream).arrayBuffer());
}

Deno.test("what has arrived of a resumable upload is kept, unlisted, and the rest makes it the file", async () => {
  await using server = await transferServer();
  const id = await begun(server, "a", 25_000, CONTENT.length);
  const status = await server.workers.status(id);
  assert.deepEqual([status.status, status.bytes], ["failed", 25_000]);
  assert.match(status.error!, /What has arrived, 25000 bytes, is kept/);
  assert.deepEqual((await server.files.list({ limit: 9 })).items, []);
  const { items: [found] } = await server.partials.list({ limit: 9 });
  assert.deepEqual([found!.upload.name, found!.bytes, found!.upload.total, found!.worker], ["a", 25_000, 60_000, null]);
  const inspected = await server.partials.inspect(id);
  assert.equal(inspected.sha256, hash(CONTENT.subarray(0, 25_000)).toString("hex"));

  const done = await goOn(server, id, 25_000);
  assert.deepEqual([done.status, done.bytes, done.total, done.file], ["completed", 60_000, 60_000, "a"]);
  assert.equal(done.sha256, hash(CONTENT).toString("hex"));
  assert.deepEqual(await content(server, "a"), CONTENT);
  assert.deepEqual(await server.onDisk(), { files: ["a"], partial: [] });
  await rejectsWith("not_found", server.partials.get(id));
  assert.equal(server.slots.used, 0);
});

Deno.test("an upload may break off again and again, also at its very end", async () => {
  await using server = await transferServer();
  const id = await begun(server, "a", 10_000);
  for (const [from, to] of [[10_000, 10_001], [10_001, 40_000], [40_000, 60_000]]) {
    const body = broken(CONTENT.subarray(from, to));
    const problem = await rejectsWith("transfer_failed", goOn(server, id, from!, { body }));
    assert.equal(problem.extras.uploadOffset, to);
  }
  assert.equal((await goOn(server, id, 60_000)).sha256, hash(CONTENT).toString("hex"));
  assert.deepEqual(await content(server, "a"), CONTENT);
});

Deno.test("one that breaks off before its first byte leaves nothing, as one that is not resumable always does", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const empty = { name: "a", body: broken(new Uint8Array()), resumable: { digests: [] } };
  const problem = await rejectsWith("transfer_failed", server.uploads.upload(workerId, empty));
  assert.match(problem.message, /Nothing was kept/);
  const plain = (await server.workers.reserve()).workerId;
  await rejectsWith("transfer_failed", server.uploads.upload(plain, { name: "a", body: broken(CONTENT) }));
  assert.deepEqual((await server.partials.list({ limit: 9 })).items, []);
  assert.deepEqual(await server.onDisk(), { files: [], partial: [] });
});

Deno.test("an offset that is not the end is refused with the right one, and the reservation stays usable", async () => {
  await using server = await transferServer();
  const id = await begun(server, "a", 100);
  const { workerId } = await server.workers.reserve();
  for (const offset of [0, 99, 101]) {
    const resumable = { digests: [], resume: { id, offset } };
    const refused = server.uploads.upload(workerId, { body: whole(CONTENT), resumable });
    const { extras } = await rejectsWith("upload_offset_mismatch", refused);
    assert.deepEqual([extras.uploadOffset, extras.members], [100, {
      "expected-offset": 100,
      "provided-offset": offset,
    }]);
  }
  const resumable = { digests: [], resume: { id, offset: 100 } };
  const done = await server.uploads.upload(workerId, { body: whole(CONTENT.subarray(100)), resumable });
  assert.equal(done.status, "completed");
});

Deno.test("of two who go on at once one does, and while it does nobody can remove it", async () => {
  await using server = await transferServer();
  const id = await begun(server, "a", 100);
  const { body, end } = open(CONTENT.subarray(100));
  const first = goOn(server, id, 100, { body });
  const worker = await untilRunning(server, id);
  await rejectsWith("upload_active", goOn(server, id, 100));
  await rejectsWith("upload_active", server.partials.forget(id));
  assert.equal((await server.partials.inspect(id)).sha256, null);
  assert.equal((await server.partials.get(id)).expires, null);
  assert.equal((await server.workers.status(worker)).status, "running");
  end();
  assert.equal((await first).status, "completed");
});

Deno.test("terminated, it is forgotten: while it begins, and while it is gone on with", async () => {
  await using server = await transferServer();
  const fresh = (await server.workers.reserve()).workerId;
  const begins = open(CONTENT.subarray(0, 100));
  const first = server.uploads.upload(fresh, { name: "a", body: begins.body, resumable: { digests: [] } });
  await eventually("it runs", async () => (await server.workers.status(fresh)).bytes === 100);
  await server.workers.modify(fresh, "terminated");
  assert.equal((await first).status, "terminated");
  await rejectsWith("not_found", server.partials.get(fresh));

  const id = await begun(server, "a", 100);
  const goes = open(CONTENT.subarray(100, 200));
  const second = goOn(server, id, 100, { body: goes.body });
  const worker = await untilRunning(server, id);
  await server.workers.modify(worker, "terminated");
  assert.equal((await second).status, "terminated");
  assert.deepEqual((await server.partials.list({ limit: 9 })).items, []);
  assert.deepEqual(await server.onDisk(), { files: [], partial: [] });
  begins.end();
  goes.end();
});

Deno.test("a name that is taken meanwhile is a conflict at the end, and nothing is lost: it may go on with replace", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const { body, end } = open(CONTENT);
  const upload = server.uploads.upload(workerId, { name: "a", body, resumable: { digests: [] } });
  await eventually("all of it is there", async () => (await server.workers.status(workerId)).bytes === CONTENT.length);
  await Deno.writeTextFile(join(server.directory, "files", "a"), "another");
  end();
  const { extras } = await rejectsWith("file_exists", upload);
  assert.equal(extras.uploadOffset, CONTENT.length);
  assert.equal(await Deno.readTextFile(join(server.directory, "files", "a")), "another");
  await rejectsWith("file_exists", goOn(server, workerId, CONTENT.length));
  await goOn(server, workerId, CONTENT.length, { replace: true });
  assert.deepEqual(await content(server, "a"), CONTENT);
});

Deno.test("when the end cannot be written down the whole file waits to be gone on with", async () => {
  await using directory = await tempDir();
  const store = new MemoryStore();
  const services = await openServices({ directory: directory.path, store });
  const id = await begun(services, "a", 100);
  store.fails = ({ changes }) => changes.some(({ kind }) => kind === "file");
  const { extras } = await rejectsWith("storage_full", goOn(services, id, 100));
  assert.equal(extras.uploadOffset, CONTENT.length);
  store.fails = () => false;
  assert.equal((await goOn(services, id, CONTENT.length)).sha256, hash(CONTENT).toString("hex"));

  const other = await begun(services, "b", 100);
  const { workerId } = await services.workers.reserve();
  await services.uploads.upload(workerId, { name: "b", body: whole(CONTENT.subarray(0, 5)) });
  store.fails = ({ changes }) => changes.some(({ kind }) => kind === "file");
  await rejectsWith("storage_full", goOn(services, other, 100, { replace: true }));
  assert.deepEqual(await content(services, "b"), CONTENT.subarray(0, 5), "the one that was there is there again");
  store.fails = () => false;
  await goOn(services, other, CONTENT.length, { replace: true });
  assert.deepEqual(await content(services, "b"), CONTENT);
  services.workers.close();
});

Deno.test("a digest of the whole is checked over all requests, and one that does not match leaves nothing", async () => {
  await using server = await transferServer();
  const right = [{ algorithm: "sha-256", value: hash(CONTENT) }, {
    algorithm: "sha-512",
    value: hash(CONTENT, "sha512"),
  }] as const;
  const resumable = (digests: readonly { algorithm: "sha-256" | "sha-512"; value: Uint8Array }[]) => ({
    resumable: { digests: digests.map(({ algorithm, value }) => ({ algorithm, value: new Uint8Array(value) })) },
  });
  const good = await begun(server, "good", 100);
  assert.equal((await goOn(server, good, 100, resumable(right))).status, "completed");
  for (const [i, algorithm] of (["sha-256", "sha-512"] as const).entries()) {
    const bad = await begun(server, "bad", 100);
    const wrong = [{ algorithm, value: right[i]!.value.map((byte) => byte ^ 1) }];
    await rejectsWith("digest_mismatch", goOn(server, bad, 100, resumable(wrong)));
    await rejectsWith("not_found", server.partials.get(bad));
  }
  assert.deepEqual(await server.onDisk(), { files: ["good"], partial: [] });
});

Deno.test("sizes that do not agree are refused, and more than was announced is not kept", async () => {
  await using server = await transferServer();
  const id = await begun(server, "a", 100, 60_000);
  await rejectsWith("invalid_request", goOn(server, id, 100, { length: 59_899 }));
  await rejectsWith("invalid_request", goOn(server, id, 100, { resumable: { digests: [], total: 60_001 } }));
  await rejectsWith("invalid_request", goOn(server, id, 100, { name: "b" }));
  assert.equal((await server.partials.get(id)).bytes, 100);
  const more = new Uint8Array(59_901);
  await rejectsWith("invalid_request", goOn(server, id, 100, { body: whole(more) }));
  await rejectsWith("not_found", server.partials.get(id));
  const less = await begun(server, "a", 100, 60_000);
  const short = await rejectsWith(
    "transfer_failed",
    goOn(server, less, 100, { body: whole(CONTENT.subarray(100, 200)) }),
  );
  assert.equal(short.extras.uploadOffset, 200);
});

Deno.test("what is there is read at constant memory while others are answered", async () => {
  await using server = await transferServer();
  const { workerId: id } = await server.workers.reserve();
  const piece = CONTENT.subarray(0, 50_000);
  await rejectsWith(
    "transfer_failed",
    server.uploads.upload(id, { name: "a", body: broken(piece), resumable: { digests: [] } }),
  );
  const path = join(server.directory, "files", ".partial", id);
  await Deno.truncate(path, 256 * MB);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const { sha256 } = await server.partials.inspect(id);
  clearInterval(timer);
  const expected = createHash("sha256").update(piece);
  for (let left = 256 * MB - piece.length; left > 0;) {
    const size = Math.min(left, MB);
    expected.update(new Uint8Array(size));
    left -= size;
  }
  assert.equal(sha256, expected.digest("hex"));
  assert.ok(turns > 10, `others had their turn ${turns} times`);
});

Deno.test("at start what can be gone on with stays, and what was terminated, is empty or belongs to nobody goes", async () => {
  await using directory = await tempDir();
  const store = new MemoryStore();
  const before = await openServices({ directory: directory.path, store });
  const id = await begun(before, "a", 100);
  const ended = await begun(before, "b", 100);
  const hollow = await begun(before, "c", 100);
  const partial = join(directory.path, "files", ".partial");
  // As a server leaves it that dies before it has cleared away.
  const { value: upload } = (await store.uploads.get(ended))!;
  const { value: worker } = (await store.workers.get(ended))!;
  await store.commit({
    id: "1",
    at: 0,
    changes: [
      { kind: "upload", id: ended, expect: { is: "any" }, value: { ...upload, worker: ended } },
      { kind: "worker", id: ended, expect: { is: "any" }, value: { ...worker, state: "terminated" } },
    ],
  });
  await Deno.truncate(join(partial, hollow), 0);
  await Deno.writeTextFile(join(partial, "nobody's"), "x");
  before.workers.close();

  const after = await openServices({ directory: directory.path, store });
  const { items } = await after.partials.list({ limit: 9 });
  assert.deepEqual(items.map(({ upload }) => upload.id), [id]);
  assert.deepEqual((await Array.fromAsync(Deno.readDir(partial))).map(({ name }) => name), [id]);
  assert.equal((await goOn(after, id, 100)).sha256, hash(CONTENT).toString("hex"));
  after.workers.close();
});

Deno.test("what nobody goes on with expires, counted from its last byte; what somebody does, does not", async () => {
  await using directory = await tempDir();
  const clock = new FakeClock();
  const options = { directory: directory.path, clock, keepPartialMs: 1000 };
  const services = await openServices(options);
  const id = await begun(services, "a", 100);
  const left = await begun(services, "b", 100);
  await clock.advance(900);
  const { body, end } = open(CONTENT.subarray(100));
  const upload = goOn(services, id, 100, { body });
  await untilRunning(services, id);
  await clock.advance(200);
  await rejectsWith("not_found", services.partials.get(left));
  await rejectsWith("not_found", goOn(services, left, 100));
  assert.deepEqual((await services.partials.list({ limit: 9 })).items.map(({ upload }) => upload.id), [id]);
  assert.equal(await sweep(services.context), 1);
  const lying = async () =>
    (await Array.fromAsync(Deno.readDir(join(directory.path, "files", ".partial")))).map(({ name }) => name);
  assert.deepEqual(await lying(), [id]);
  await clock.advance(5000);
  assert.equal(await sweep(services.context), 0);
  end();
  assert.equal((await upload).status, "completed");
  assert.deepEqual(await lying(), []);
  services.workers.close();
});
