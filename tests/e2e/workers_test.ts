import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { eventually } from "../helpers/eventually.ts";
import { remove, resultOf, submit, untilState } from "../helpers/jobs.ts";
import { residentBytes } from "../helpers/left_behind.ts";
import { type Service, startService } from "../helpers/service.ts";
import { shell } from "../helpers/shell.ts";
import type { JobView, ProblemView, ResultView, WorkerView } from "../helpers/views.ts";

const MIB = 1024 * 1024;

async function reserve(service: Service): Promise<string> {
  const answer = await service.call("GET", "/new_job/");
  assert.equal(answer.status, 200, answer.text);
  return answer.json<WorkerView>()["worker-id"];
}

async function workerOf(service: Service, id: string): Promise<WorkerView> {
  const answer = await service.call("GET", `/status/${id}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<WorkerView>();
}

async function modify(service: Service, id: string, status: string): Promise<string> {
  const answer = await service.call("POST", `/modify/${id}/${status}`);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json<WorkerView>()["worker-id"], id);
  return answer.json<WorkerView>().status;
}

/** Waits until the worker is in that state. */
function untilStatus(service: Service, id: string, status: string): Promise<WorkerView> {
  return eventually(`the worker is ${status}`, async () => {
    const worker = await workerOf(service, id);
    if (worker.status === status) return worker;
    throw new Error(`it is ${worker.status}`);
  });
}

/** Stores a file through a worker slot of its own. */
async function store(service: Service, name: string, body: BodyInit): Promise<WorkerView> {
  const answer = await service.call("POST", `/upload/new/${await reserve(service)}?name=${encodeURIComponent(name)}`, {
    body,
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.json<WorkerView>();
}

/** Waits until a number has not changed for a second, while it is being watched; gives it. */
async function settled(read: () => Promise<number>): Promise<number> {
  let last = await read();
  let since = performance.now();
  return await eventually("nothing moves any more", async () => {
    const now = await read();
    if (now !== last) [last, since] = [now, performance.now()];
    return performance.now() - since > 1000 && now;
  });
}

Deno.test("when all slots are used up /new_job is 503 with Retry-After, and a slot that comes free is handed out", async () => {
  await using service = await startService({ args: ["--slots", "2"] });
  const [first] = [await reserve(service), await reserve(service)];
  const full = await service.call("GET", "/new_job/");
  assert.equal(full.status, 503);
  assert.match(full.headers.get("retry-after") ?? "", /^\d+$/);
  assert.equal(full.json<ProblemView>().code, "no_slot");
  assert.equal(await modify(service, first!, "terminated"), "terminated");
  const again = await service.call("GET", "/new_job");
  assert.equal(again.status, 200);
  assert.match(again.headers.get("cache-control")!, /^no-store/);
  assert.notEqual(again.json<WorkerView>()["worker-id"], first);
});

Deno.test("a slot that comes free goes to the queue first", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const id = await reserve(service);
  const { job_id } = await submit(service, "sleep 600");
  assert.equal((await service.call("GET", "/new_job")).status, 503);
  await modify(service, id, "terminated");
  await untilState(service, job_id, "running");
  assert.equal((await service.call("GET", "/new_job")).status, 503);
  await remove(service, job_id);
  await reserve(service);
});

Deno.test("an unused reservation expires, says so, and gives its slot back", async () => {
  await using service = await startService({ args: ["--slots", "1", "--worker-ttl", "1"] });
  const id = await reserve(service);
  await eventually("the slot is free again", async () => (await service.call("GET", "/new_job")).status === 200);
  for (
    const [method, path] of [["GET", `/status/${id}`], ["POST", `/modify/${id}/terminated`], [
      "POST",
      `/upload/new/${id}`,
    ]]
  ) {
    const answer = await service.call(method!, path!);
    assert.deepEqual([answer.status, answer.json<ProblemView>().code], [400, "worker_expired"], path);
  }
});

Deno.test("a reservation that was used does not expire while its work goes on", async () => {
  await using service = await startService({ args: ["--worker-ttl", "1"] });
  const id = await reserve(service);
  const gate = `${service.files}/gate`;
  const running = service.call("POST", `/job/new/${id}`, {
    json: { command: `while [ ! -e ${gate} ]; do sleep 0.05; done` },
  });
  const other = await reserve(service);
  await eventually(
    "another one has expired",
    async () => (await service.call("GET", `/status/${other}`)).status === 400,
  );
  assert.equal((await workerOf(service, id)).status, "running");
  await Deno.writeTextFile(gate, "");
  assert.equal((await running).json<WorkerView>().status, "completed");
});

Deno.test("a job in a slot answers with its final state, exit code and result, and pauses as a tree", async () => {
  await using service = await startService();
  const done = await service.call("POST", `/job/new/${await reserve(service)}`, {
    json: { command: "echo да; exit 3" },
  });
  const worker = done.json<WorkerView>();
  assert.deepEqual([done.status, worker.status, worker.kind, worker.exit_code], [200, "completed", "job", 3]);
  assert.equal((await service.call("GET", worker.result_url!)).json<ResultView>().stdout, "да\n");

  const late = await service.call("POST", `/job/new/${await reserve(service)}`, {
    json: { command: "sleep 600", timeout: 0.3, grace: 0.3 },
  });
  assert.deepEqual([late.status, late.json<WorkerView>().status], [500, "failed"]);
  const unborn = await service.call("POST", `/job/new/${await reserve(service)}`, {
    json: { command: "true", cwd: "/no/such/directory" },
  });
  assert.deepEqual([unborn.status, unborn.json<WorkerView>().status], [500, "failed"]);
  assert.ok(unborn.json<WorkerView>().error);

  const id = await reserve(service);
  const accepted = await service.call("POST", `/job/new/${id}`, {
    json: { command: "trap '' TERM; echo ready; while :; do sleep 0.1; done", grace: 1 },
    headers: { prefer: "respond-async" },
  });
  assert.equal(accepted.status, 202, accepted.text);
  const { job_id } = accepted.json<JobView>();
  assert.equal(accepted.headers.get("location"), `/api/statuses/${job_id}`);
  await eventually("it runs", async () => (await service.call("GET", `/api/jobs/${job_id}/stdout`)).text === "ready\n");
  assert.equal(await modify(service, id, "pause"), "paused");
  assert.equal((await service.call("GET", `/api/jobs/${job_id}`)).json<JobView>().state, "paused");
  assert.equal((await service.call("POST", `/modify/${id}/paused`)).status, 400, "paused may not become paused");
  assert.equal(await modify(service, id, "resume"), "running");
  assert.equal(await modify(service, id, "terminate"), "terminating");
  const refused = await service.call("POST", `/modify/${id}/paused`);
  assert.deepEqual([refused.status, refused.json<ProblemView>().code], [400, "invalid_transition"]);
  await untilStatus(service, id, "terminated");
  assert.equal((await resultOf(service, job_id)).state, "terminated");
});

Deno.test("a job in a slot goes on when its client leaves", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const id = await reserve(service);
  const gate = `${service.files}/gate`;
  const controller = new AbortController();
  const waiting = service.call("POST", `/job/new/${id}`, {
    json: { command: `while [ ! -e ${gate} ]; do sleep 0.05; done; echo done` },
    signal: controller.signal,
  }).catch((error) => error.name);
  await untilStatus(service, id, "running");
  controller.abort();
  assert.equal(await waiting, "AbortError");
  assert.equal((await workerOf(service, id)).status, "running");
  assert.equal((await service.call("GET", "/new_job")).status, 503, "it keeps its slot");
  await Deno.writeTextFile(gate, "");
  const worker = await untilStatus(service, id, "completed");
  assert.equal((await resultOf(service, worker.job_id!)).stdout, "done\n");
});

Deno.test("a paused upload of 64 MB holds curl back and completes once resumed", async () => {
  await using service = await startService();
  await shell("head -c 67108864 /dev/urandom > big", { cwd: service.files });
  const id = await reserve(service);
  // curl is slowed down so that there is time to pause it mid-way; the limit is far above what TCP buffers.
  const curl = shell(`curl -s --limit-rate 24M -X POST -T big '${service.url}/upload/new/${id}?name=big'`, {
    cwd: service.files,
  });
  await eventually("some has arrived", async () => (await workerOf(service, id)).bytes > 2 * MIB);
  assert.equal(await modify(service, id, "paused"), "paused");
  const held = await settled(async () => (await workerOf(service, id)).bytes);
  const { total, progress } = await workerOf(service, id);
  assert.equal(total, 64 * MIB);
  assert.ok(held < 64 * MIB, "it stopped mid-way");
  assert.ok(progress! > 0 && progress! < 1);
  assert.equal(await modify(service, id, "running"), "running");
  const printed = await curl;
  const done = JSON.parse(printed.stdout) as WorkerView;
  assert.deepEqual([done.status, done.bytes], ["completed", 64 * MIB], printed.stderr);
  const sum = (await shell("sha256sum big", { cwd: service.files })).stdout.split(" ")[0];
  assert.equal(done.sha256, sum);
});

Deno.test("a file far larger than the memory that is used goes up and comes down, paused mid-way both times", async () => {
  await using service = await startService();
  await shell("truncate -s 512M huge", { cwd: service.files });
  const before = await residentBytes(service.pid);
  const grown = async () => (await residentBytes(service.pid)) - before;
  let most = 0;
  const pauseMidway = async (id: string, curl: Promise<{ code: number }>) => {
    await eventually("some has gone", async () => (await workerOf(service, id)).bytes > 8 * MIB);
    assert.equal(await modify(service, id, "paused"), "paused");
    await settled(async () => (await workerOf(service, id)).bytes);
    most = Math.max(most, await grown());
    assert.equal(await modify(service, id, "running"), "running");
    assert.equal((await curl).code, 0);
    most = Math.max(most, await grown());
  };
  const up = await reserve(service);
  await pauseMidway(
    up,
    shell(`curl -sf --limit-rate 300M -X POST -T huge '${service.url}/upload/new/${up}?name=huge' -o answer`, {
      cwd: service.files,
    }),
  );
  const down = await reserve(service);
  await pauseMidway(
    down,
    shell(
      `curl -sf --limit-rate 300M -X POST '${service.url}/download/new/${down}?file=huge' -o copy && cmp huge copy`,
      {
        cwd: service.files,
      },
    ),
  );
  // Some forty were measured, most of it the runtime's own for having begun to work.
  assert.ok(most < 96 * MIB, `512 MiB made it grow by ${most / MIB} MiB`);
});

Deno.test("a paused download of 64 MB stops at the client and completes once resumed", async () => {
  await using service = await startService();
  await shell("head -c 67108864 /dev/zero > big", { cwd: service.files });
  const upload = await reserve(service);
  await shell(`curl -sf -X POST -T big '${service.url}/upload/new/${upload}?name=big'`, { cwd: service.files });
  const id = await reserve(service);
  const curl = shell(
    `curl -s --limit-rate 16M -X POST -o copy '${service.url}/download/new/${id}?file=big' && cmp big copy`,
    { cwd: service.files },
  );
  const size = async () => (await Deno.stat(`${service.files}/copy`)).size;
  await eventually("some has arrived", async () => (await size()) > MIB);
  assert.equal(await modify(service, id, "paused"), "paused");
  const held = await settled(size);
  assert.ok(held < 64 * MIB, "it stopped mid-way");
  assert.equal(await modify(service, id, "resume"), "running");
  const printed = await curl;
  assert.deepEqual([printed.code, printed.stdout, printed.stderr], [0, "", ""]);
  const done = await untilStatus(service, id, "completed");
  assert.equal(done.bytes, 64 * MIB);
});

Deno.test("an upload that is terminated answers 200 terminated with its bytes, and leaves no file", async () => {
  await using service = await startService();
  await shell("head -c 67108864 /dev/zero > big", { cwd: service.files });
  for (const paused of [false, true]) {
    const id = await reserve(service);
    const curl = shell(
      `curl -s --limit-rate 4M -X POST -w '\\n%{http_code}' -T big '${service.url}/upload/new/${id}?name=big'`,
      { cwd: service.files },
    );
    await eventually("some has arrived", async () => (await workerOf(service, id)).bytes > 0);
    if (paused) await modify(service, id, "paused");
    assert.equal(await modify(service, id, "terminated"), "terminated");
    const [body, status] = (await curl).stdout.split("\n");
    const worker = JSON.parse(body!) as WorkerView;
    assert.deepEqual([status, worker.status], ["200", "terminated"]);
    assert.ok(worker.bytes > 0 && worker.bytes < 64 * MIB);
    assert.equal((await workerOf(service, id)).status, "terminated");
    assert.equal((await service.call("GET", "/api/files/big")).status, 404);
  }
  assert.deepEqual((await service.call("GET", "/api/files")).json(), { files: [] });
});

Deno.test("a download that is terminated breaks off: curl says error 18, the status says terminated", async () => {
  await using service = await startService();
  await shell("head -c 67108864 /dev/zero > big", { cwd: service.files });
  await shell(`curl -sf -X POST -T big '${service.url}/upload/new/${await reserve(service)}?name=big'`, {
    cwd: service.files,
  });
  const id = await reserve(service);
  const curl = shell(
    `curl -s --limit-rate 4M -X POST -o copy '${service.url}/download/new/${id}?file=big'`,
    { cwd: service.files },
  );
  await eventually("some has arrived", async () => (await Deno.stat(`${service.files}/copy`)).size > 0);
  await modify(service, id, "terminated");
  assert.equal((await curl).code, 18, "transfer closed with outstanding read data remaining");
  const worker = await untilStatus(service, id, "terminated");
  assert.ok(worker.bytes < 64 * MIB);
  assert.equal((await service.call("HEAD", "/api/files/big")).headers.get("content-length"), String(64 * MIB));
});

Deno.test("an upload whose client leaves is failed, and nothing of it is listed", async () => {
  await using service = await startService();
  await shell("head -c 67108864 /dev/zero > big", { cwd: service.files });
  const id = await reserve(service);
  const curl = shell(
    `timeout -s KILL 2 curl -s --limit-rate 4M -X POST -T big '${service.url}/upload/new/${id}?name=big'`,
    { cwd: service.files },
  );
  await curl;
  const worker = await untilStatus(service, id, "failed");
  assert.ok(worker.error);
  assert.equal((await service.call("GET", "/api/files/big")).status, 404);
  await store(service, "big", "a second try");
});

Deno.test("a digest that does not match is refused and nothing is kept, one that does is taken", async () => {
  await using service = await startService();
  const id = await reserve(service);
  const body = "содержимое";
  const digest = createHash("sha256").update(body).digest("base64");
  const wrong = createHash("sha256").update("x").digest("base64");
  const upload = (headers: Record<string, string>) =>
    service.call("POST", `/upload/new/${id}?name=d`, { body, headers });
  const refused = await upload({ "content-digest": `sha-256=:${wrong}:` });
  assert.deepEqual([refused.status, refused.json<ProblemView>().code], [400, "digest_mismatch"]);
  assert.equal((await service.call("GET", "/api/files/d")).status, 404);
  const other = await reserve(service);
  const taken = await service.call("POST", `/upload/new/${other}?name=d`, {
    body,
    headers: { "repr-digest": `sha-256=:${digest}:` },
  });
  assert.deepEqual([taken.status, taken.json<WorkerView>().status], [200, "completed"]);
  const got = await service.call("GET", "/api/files/d");
  assert.equal(got.text, body);
  assert.equal(got.headers.get("repr-digest"), `sha-256=:${digest}:`);
});

Deno.test("files are named by ?name=, Content-Disposition, multipart or the worker-id, in any script", async () => {
  await using service = await startService();
  const names = ["Отчёт №5 «итог».pdf", "👩‍👩‍👧‍👦.txt", "a b+c%20d&e=f.txt", `q"uo'te.txt`, "new\nline", "a".repeat(255)];
  for (const name of names) {
    assert.equal((await store(service, name, name)).file, name);
    const got = await service.call("GET", `/api/files/${encodeURIComponent(name)}`);
    assert.deepEqual([got.status, got.text], [200, name]);
  }
  const { files } = (await service.call("GET", "/api/files")).json<{ files: { name: string; bytes: number }[] }>();
  assert.deepEqual(files.map(({ name }) => name).toSorted(), names.toSorted());

  const id = await reserve(service);
  const upload = async (headers: Record<string, string>, body: BodyInit, worker = id) =>
    (await service.call("POST", `/upload/new/${worker}`, { headers, body })).json<WorkerView>().file;
  assert.equal(
    await upload({ "content-disposition": "attachment; filename*=UTF-8''%D1%91%D0%BB%D0%BA%D0%B0.txt" }, "x"),
    "ёлка.txt",
  );
  const anonymous = await reserve(service);
  assert.equal(await upload({}, "x", anonymous), anonymous);
  const form = new FormData();
  form.append("file", new Blob(["по форме"]), "форма.txt");
  assert.equal(await upload({}, form, await reserve(service)), "форма.txt");
  assert.equal((await service.call("GET", `/api/files/${encodeURIComponent("форма.txt")}`)).text, "по форме");

  const disposition = (await service.call("GET", `/api/files/${encodeURIComponent("ёлка.txt")}`)).headers;
  assert.match(disposition.get("content-disposition") ?? "", /filename\*=UTF-8''%D1%91%D0%BB%D0%BA%D0%B0\.txt/i);
});

Deno.test("curl -F uploads a file as a form does, and curl -OJ saves it under its name", async () => {
  await using service = await startService();
  await shell("printf 'form data' > form.txt", { cwd: service.files });
  const printed = await shell(`curl -sf -F file=@form.txt ${service.url}/upload/new/${await reserve(service)}`, {
    cwd: service.files,
  });
  assert.equal((JSON.parse(printed.stdout) as WorkerView).file, "form.txt");
  await shell(`rm form.txt; curl -sfOJ ${service.url}/api/files/form.txt`, { cwd: service.files });
  assert.equal(await Deno.readTextFile(`${service.files}/form.txt`), "form data");
});

Deno.test("a name that exists is 409 unless it is to be replaced, and leaves the reservation usable", async () => {
  await using service = await startService();
  await store(service, "f", "one");
  const id = await reserve(service);
  const refused = await service.call("POST", `/upload/new/${id}?name=f`, { body: "two" });
  assert.deepEqual([refused.status, refused.json<ProblemView>().code], [409, "file_exists"]);
  assert.equal((await workerOf(service, id)).status, "reserved");
  assert.equal((await service.call("POST", `/upload/new/${id}?name=f&replace=true`, { body: "two" })).status, 200);
  const got = await service.call("GET", "/api/files/f");
  assert.equal(got.text, "two");
  const third = await reserve(service);
  const conditional = (etag: string) =>
    service.call("POST", `/upload/new/${third}?name=f`, { body: "three", headers: { "if-match": etag } });
  assert.equal((await conditional('"other"')).status, 412);
  assert.equal((await conditional(got.headers.get("etag")!)).status, 200);
  assert.equal((await service.call("GET", "/api/files/f")).text, "three");
});

Deno.test("a download gives length, ETag and digest, honours ranges, and a missing file leaves the worker usable", async () => {
  await using service = await startService();
  await store(service, "f", "0123456789");
  const id = await reserve(service);
  const missing = await service.call("POST", `/download/new/${id}`, { json: { file: "nothing" } });
  assert.deepEqual([missing.status, missing.json<ProblemView>().code], [404, "not_found"]);
  assert.equal((await workerOf(service, id)).status, "reserved");
  const got = await service.call("POST", `/download/new/${id}`, { json: { file: "f" } });
  assert.deepEqual([got.status, got.text, got.headers.get("content-length")], [200, "0123456789", "10"]);
  assert.ok(got.headers.get("etag"));
  assert.match(got.headers.get("repr-digest") ?? "", /^sha-256=:[A-Za-z0-9+/]{43}=:$/);
  assert.match(got.headers.get("content-disposition") ?? "", /^attachment; ?filename="?f"?/);
  const again = await service.call("POST", `/download/new/${id}?file=f`);
  assert.deepEqual([again.status, again.json<ProblemView>().code], [400, "worker_used"]);

  const part = await service.call("POST", `/download/new/${await reserve(service)}?file=f`, {
    headers: { range: "bytes=2-4" },
  });
  assert.deepEqual([part.status, part.text, part.headers.get("content-range")], [206, "234", "bytes 2-4/10"]);
  const file = (headers: Record<string, string>) => service.call("GET", "/api/files/f", { headers });
  assert.equal((await file({ range: "bytes=-3" })).text, "789");
  const outside = await file({ range: "bytes=10-" });
  assert.deepEqual([outside.status, outside.headers.get("content-range")], [416, "bytes */10"]);
  const etag = (await file({})).headers.get("etag")!;
  assert.equal((await file({ "if-none-match": etag })).status, 304);
  assert.equal((await file({ range: "bytes=0-1", "if-range": '"other"' })).status, 200);
  assert.equal((await file({ range: "bytes=0-1", "if-range": etag })).status, 206);
  assert.equal((await service.call("HEAD", "/api/files/f")).headers.get("content-length"), "10");
  assert.equal((await service.call("DELETE", "/api/files/f")).status, 204);
  assert.equal((await file({})).status, 404);
});

/** Whether it is an answer with all of its body, which is ASCII. */
function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  const length = Number(/^content-length: (\d+)$/im.exec(answer.slice(0, end))?.[1]);
  return end >= 0 && answer.length >= end + 4 + length;
}

Deno.test("after a refused upload its connection serves the next request", async () => {
  await using service = await startService();
  const id = await reserve(service);
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: service.port });
  // A server that does not answer would block for ever.
  const limit = setTimeout(() => connection.close(), 10_000);
  const ask = async (...pieces: string[]) => {
    for (const piece of pieces) {
      await connection.write(new TextEncoder().encode(piece));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    let text = "";
    while (!isWhole(text)) {
      const buffer = new Uint8Array(65_536);
      const size = await connection.read(buffer);
      if (size === null) break;
      text += new TextDecoder().decode(buffer.subarray(0, size));
    }
    return text;
  };
  const host = `Host: 127.0.0.1:${service.port}\r\n`;
  const closed = (error: unknown) => `${error}`;
  await store(service, "taken", "x");
  for (const [name, status] of [["a%2Fb", 400], ["taken", 409], ["..", 400]]) {
    const head = `POST /upload/new/${id}?name=${name} HTTP/1.1\r\n${host}Content-Length: 1\r\n\r\n`;
    assert.match(await ask(head, "x").catch(closed), new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.match(await ask(`GET /-/healthy HTTP/1.1\r\n${host}\r\n`).catch(closed), /^HTTP\/1\.1 200 /);
  }
  clearTimeout(limit);
  connection.close();
});

Deno.test("of two clients that use one worker at once only one may", async () => {
  await using service = await startService();
  for (let round = 0; round < 5; round++) {
    const id = await reserve(service);
    const answers = await Promise.all(
      ["a", "b"].map((name) => service.call("POST", `/upload/new/${id}?name=${name}${round}`, { body: "x" })),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400]);
  }
});

Deno.test("paused work keeps its slot, and ended work gives it back", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const id = await reserve(service);
  const job = service.call("POST", `/job/new/${id}`, { json: { command: "sleep 600" } });
  await untilStatus(service, id, "running");
  await modify(service, id, "paused");
  assert.equal((await service.call("GET", "/new_job")).status, 503);
  await modify(service, id, "terminated");
  assert.equal((await job).json<WorkerView>().status, "terminated");
  await reserve(service);
});

Deno.test("a worker that is told to end in the moment in which its job begins ends, and nobody hears of an error", async () => {
  await using service = await startService();
  for (let n = 0; n < 40; n++) {
    const id = await reserve(service);
    const begun = service.call("POST", `/job/new/${id}`, { json: { command: n % 2 ? "sleep 600" : "true" } });
    if (n % 4 > 1) await new Promise((resolve) => setTimeout(resolve, n % 7));
    const told = await service.call("POST", `/modify/${id}/terminated`);
    const { status } = await begun;
    assert.ok([200, 400, 409].includes(told.status), told.text);
    assert.ok([200, 400].includes(status), (await begun).text);
    assert.ok(["terminated", "completed"].includes((await workerOf(service, id)).status));
  }
  assert.deepEqual(await service.errors(), []);
});
