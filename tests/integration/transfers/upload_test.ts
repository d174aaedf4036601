import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { formatDigestField } from "../../../lib/domain/digest_field.ts";
import { eventually } from "../../helpers/eventually.ts";
import { transferServer } from "../../helpers/transfer_server.ts";

const MB = 1024 * 1024;

/** A body that is made as it is read, and knows how much of it was. */
function generated(bytes: number): { body: ReadableStream<Uint8Array<ArrayBuffer>>; sent: () => number } {
  let sent = 0;
  const piece = new Uint8Array(64 * 1024).fill(65);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (sent >= bytes) return controller.close();
      controller.enqueue(piece);
      sent += piece.length;
    },
  }, { highWaterMark: 0 });
  return { body, sent: () => sent };
}

/** Resolves with a value once it has stopped changing for a good while. */
async function still(what: string, value: () => number | Promise<number>): Promise<number> {
  let last = -1;
  let since = performance.now();
  return await eventually(what, async () => {
    const now = await value();
    if (now !== last) [last, since] = [now, performance.now()];
    return performance.now() - since > 500 && { now };
  }, 60_000).then(({ now }) => now);
}

Deno.test("an upload becomes a file with its bytes, size and digest", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const name = "отчёт 🙂.txt";
  const response = await fetch(`${server.url}/upload/${workerId}?name=${encodeURIComponent(name)}`, {
    method: "POST",
    body: "привет",
  });
  const status = await response.json();
  const sha256 = createHash("sha256").update("привет").digest("hex");
  assert.deepEqual(
    [status.status, status.file, status.bytes, status.total, status.sha256],
    ["completed", name, 12, 12, sha256],
  );
  assert.equal(await Deno.readTextFile(join(server.directory, "files", name)), "привет");
  assert.deepEqual(await server.onDisk(), { files: [name], partial: [] });
  assert.equal((await server.files.get(name)).etag, `"${sha256}"`);
  assert.equal(server.slots.used, 0);
});

Deno.test("an empty body is an empty file, named after the worker when nobody names it", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const status = await (await fetch(`${server.url}/upload/${workerId}`, { method: "POST" })).json();
  assert.deepEqual([status.status, status.file, status.bytes], ["completed", workerId, 0]);
  assert.deepEqual((await server.onDisk()).files, [workerId]);
});

/** A client that writes to its socket, knows how much was taken, and hangs up when it has an answer in JSON. */
function plainClient(url: string, bytes: number): { sent: () => number; answer: Promise<string> } {
  let sent = 0;
  const talk = async () => {
    const { hostname, port, pathname, search } = new URL(url);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const head = `POST ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: ${bytes}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    const piece = new Uint8Array(256 * 1024).fill(65);
    let answered = false;
    const send = async () => {
      while (sent < bytes) sent += await connection.write(piece.subarray(0, bytes - sent));
    };
    const sending = send().catch((error) => {
      // A server that has answered need not take the rest.
      if (!answered && !/pipe|reset/i.test(`${error}`)) throw error;
    });
    const answer = await readAnswer(connection);
    answered = true;
    connection.close();
    await sending;
    return answer;
  };
  return { sent: () => sent, answer: talk() };
}

async function readAnswer(connection: Deno.Conn): Promise<string> {
  const piece = new Uint8Array(4096);
  let text = "";
  while (!text.endsWith("}")) {
    const count = await connection.read(piece);
    if (count === null) break;
    text += new TextDecoder().decode(piece.subarray(0, count));
  }
  return text;
}

Deno.test("a paused upload holds the client back, and goes on when resumed", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const client = plainClient(`${server.url}/upload/${workerId}?name=big`, 200 * MB);
  await eventually("bytes arrive", async () => (await server.workers.status(workerId)).bytes > MB);
  await server.workers.modify(workerId, "paused");

  const held = await still("the client is held back", client.sent);
  const { bytes, status } = await server.workers.status(workerId);
  assert.equal(status, "paused");
  // What lies between the two are the buffers of the sockets and of the client.
  assert.ok(held - bytes < 30 * MB, `${held} bytes were sent, ${bytes} taken`);
  assert.equal(await still("nothing more is taken", async () => (await server.workers.status(workerId)).bytes), bytes);

  await server.workers.modify(workerId, "running");
  assert.match(await client.answer, /"status":"completed"/);
  assert.equal((await server.workers.status(workerId)).bytes, 200 * MB);
});

Deno.test("an upload takes no more memory the longer it is", async () => {
  await using server = await transferServer();
  const file = join(server.directory, "big");
  const upload = async (name: string, bytes: number) => {
    const { workerId } = await server.workers.reserve();
    await Deno.truncate(await Deno.create(file).then((made) => (made.close(), file)), bytes);
    // In a process of its own, whose memory is not ours.
    const args = ["-sS", "-X", "POST", "-T", file, `${server.url}/upload/${workerId}?name=${name}`];
    await new Deno.Command("curl", { args, stdout: "null" }).output();
    assert.equal((await server.workers.status(workerId)).bytes, bytes);
  };
  // The first one brings the runtime's heaps to their usual size.
  await upload("first", 100 * MB);
  const before = Deno.memoryUsage().rss;
  await upload("second", 500 * MB);
  const grown = Deno.memoryUsage().rss - before;
  // Some ten megabytes were measured; what a hundred pieces that wait for the garbage collector weigh would show.
  assert.ok(grown < 50 * MB, `grew by ${grown} bytes`);
});

Deno.test("terminated halfway, an upload answers with the bytes so far and leaves nothing", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const client = plainClient(`${server.url}/upload/${workerId}?name=big`, 100_000 * MB);
  await eventually("bytes arrive", async () => (await server.workers.status(workerId)).bytes > MB);
  const { status, bytes } = await server.workers.modify(workerId, "terminated");
  assert.equal(status, "terminated");
  const answer = await client.answer;
  assert.match(answer, /^HTTP\/1.1 200 /);
  assert.match(answer, new RegExp(`"status":"terminated".*"bytes":${bytes},`));
  assert.deepEqual(await server.onDisk(), { files: [], partial: [] });
  assert.equal(server.slots.used, 0);
});

Deno.test("a paused upload can be terminated", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const { body } = generated(500 * MB);
  const response = fetch(`${server.url}/upload/${workerId}?name=big`, { method: "POST", body });
  // What the client makes of an early answer is its own affair; ours is asked for afterwards.
  const over = response.then((answer) => answer.text(), () => undefined);
  await eventually("bytes arrive", async () => (await server.workers.status(workerId)).bytes > 0);
  await server.workers.modify(workerId, "paused");
  await server.workers.modify(workerId, "terminated");
  await over;
  assert.equal((await server.workers.status(workerId)).status, "terminated");
  await eventually("nothing is left", async () => (await server.onDisk()).partial.length === 0);
});

Deno.test("a client that leaves makes the upload fail and leaves nothing", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const { body } = generated(2000 * MB);
  const leaving = new AbortController();
  const response = fetch(`${server.url}/upload/${workerId}?name=big`, {
    method: "POST",
    body,
    signal: leaving.signal,
  });
  await eventually("bytes arrive", async () => (await server.workers.status(workerId)).bytes > MB);
  leaving.abort();
  await assert.rejects(response);
  const status = await eventually("it has failed", async () => {
    const status = await server.workers.status(workerId);
    return status.status === "failed" && status;
  });
  assert.match(status.error ?? "", /client left|failed after/);
  assert.deepEqual(await server.onDisk(), { files: [], partial: [] });
  assert.equal(server.slots.used, 0);
});

Deno.test("a body that ends before its Content-Length fails", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const { hostname, port } = new URL(server.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const head = `POST /upload/${workerId}?name=short HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 100\r\n\r\nhello`;
  await connection.write(new TextEncoder().encode(head));
  await connection.closeWrite();
  await eventually("it has failed", async () => (await server.workers.status(workerId)).status === "failed");
  assert.deepEqual(await server.onDisk(), { files: [], partial: [] });
});

Deno.test("a digest is checked: the right one passes, the wrong one keeps nothing", async () => {
  await using server = await transferServer();
  for (const [algorithm, name] of [["sha-256", "sha256"], ["sha-512", "sha512"]] as const) {
    const digest = formatDigestField(algorithm, createHash(name).update("hello").digest());
    for (const [body, wanted] of [["hello", "completed"], ["hellO", "failed"]] as const) {
      const { workerId } = await server.workers.reserve();
      const response = await fetch(`${server.url}/upload/${workerId}?name=${name}-${wanted}`, {
        method: "POST",
        body,
        headers: { "content-digest": digest },
      });
      const answer = await response.json();
      assert.equal(
        wanted === "completed" ? answer.status : answer.code,
        wanted === "completed" ? wanted : "digest_mismatch",
      );
      assert.equal((await server.workers.status(workerId)).status, wanted);
    }
  }
  assert.deepEqual(await server.onDisk(), { files: ["sha256-completed", "sha512-completed"], partial: [] });
});

Deno.test("a name that is a path, or exists, is refused and the reservation stays usable", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const post = async (name: string, body = "x") => {
    const url = `${server.url}/upload/${workerId}?name=${encodeURIComponent(name)}`;
    return (await fetch(url, { method: "POST", body })).json();
  };
  await Deno.writeTextFile(join(server.directory, "files", "taken"), "by hand");
  for (const name of ["", "..", "../up", "a/b", "/etc/passwd", "a\0b", ".partial", "я".repeat(200)]) {
    assert.equal((await post(name)).code, "invalid_file_name", name);
  }
  assert.equal((await post("taken")).code, "file_exists");
  assert.equal((await post("free", "fine")).status, "completed");
  assert.equal((await post("free2")).code, "worker_used");
  assert.deepEqual((await server.onDisk()).files, ["free", "taken"]);
  assert.equal(await Deno.readTextFile(join(server.directory, "files", "taken")), "by hand");
});

Deno.test("curl's forms upload their first file under its own name", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const file = join(server.directory, "имя файла.bin");
  const content = crypto.getRandomValues(new Uint8Array(60_000));
  await Deno.writeFile(file, content);
  const { stdout } = await new Deno.Command("curl", {
    args: ["-sS", "-F", "note=before", "-F", `file=@${file}`, "-F", "after=1", `${server.url}/upload/${workerId}`],
  }).output();
  const status = JSON.parse(new TextDecoder().decode(stdout));
  assert.deepEqual([status.status, status.file, status.bytes], ["completed", "имя файла.bin", 60_000]);
  assert.deepEqual(await Deno.readFile(join(server.directory, "files", "имя файла.bin")), content);
});

Deno.test("a form holds the client back while it is paused, too", async () => {
  await using server = await transferServer();
  const { workerId } = await server.workers.reserve();
  const head = new TextEncoder().encode(
    '--cut\r\nContent-Disposition: form-data; name="file"; filename="big"\r\n\r\n',
  );
  const { body: content, sent } = generated(60 * MB);
  const body = ReadableStream.from(async function* () {
    yield head;
    yield* content;
    yield new TextEncoder().encode("\r\n--cut--\r\n");
  }());
  const response = fetch(`${server.url}/upload/${workerId}`, {
    method: "POST",
    body,
    headers: { "content-type": "multipart/form-data; boundary=cut" },
  });
  await eventually("bytes arrive", async () => (await server.workers.status(workerId)).bytes > MB);
  await server.workers.modify(workerId, "paused");
  const held = await still("the client is held back", sent);
  assert.ok(held < 50 * MB, `${held} bytes were sent`);
  await server.workers.modify(workerId, "running");
  const status = await (await response).json();
  assert.deepEqual([status.status, status.bytes, status.file], ["completed", 60 * MB, "big"]);
});

Deno.test("of two uploads to one name the second is refused, and the file is the first one's", async () => {
  await using server = await transferServer();
  const first = (await server.workers.reserve()).workerId;
  const second = (await server.workers.reserve()).workerId;
  const { body } = generated(20 * MB);
  const slow = fetch(`${server.url}/upload/${first}?name=same`, { method: "POST", body });
  await eventually("the first has begun", async () => (await server.workers.status(first)).status === "running");
  const refused = await fetch(`${server.url}/upload/${second}?name=same`, { method: "POST", body: "other" });
  assert.equal((await refused.json()).code, "file_exists");
  assert.equal((await (await slow).json()).status, "completed");
  assert.equal((await server.files.get("same")).record.bytes, 20 * MB);
  assert.equal((await server.workers.status(second)).status, "reserved");
});

Deno.test("replacing puts one whole file in the place of another, and readers of the old one read on", async () => {
  await using server = await transferServer();
  const post = async (body: string) => {
    const { workerId } = await server.workers.reserve();
    const response = await fetch(`${server.url}/upload/${workerId}?name=a&replace=true`, { method: "POST", body });
    return (await response.json()).status;
  };
  assert.equal(await post("old"), "completed");
  const old = await server.files.read("a");
  assert.equal(await post("newer"), "completed");
  assert.ok(!old.notModified);
  assert.equal(await new Response(old.stream).text(), "old");
  assert.equal(await Deno.readTextFile(join(server.directory, "files", "a")), "newer");
  assert.equal((await server.files.get("a")).record.bytes, 5);
  assert.deepEqual(await server.onDisk(), { files: ["a"], partial: [] });
});
