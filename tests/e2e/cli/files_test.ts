import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { HalfwayProxy } from "../../helpers/halfway_proxy.ts";
import { startStint } from "../../helpers/stint.ts";
import type { WorkerView } from "../../helpers/views.ts";
import { type Client, startClient } from "./support.ts";

const MIB = 1024 * 1024;

function bytes(size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  for (let i = 0; i < size; i += 65_536) crypto.getRandomValues(all.subarray(i, Math.min(size, i + 65_536)));
  return all;
}

Deno.test("a file is uploaded, listed, fetched and removed, and what is there already is not sent again", async () => {
  await using client = await startClient();
  const { files } = client.service;
  const content = bytes(3 * MIB);
  await Deno.writeFile(`${files}/отчёт 1.bin`, content);
  assert.equal((await client.run(["put", "отчёт 1.bin"])).stdout, "отчёт 1.bin: 3.0 MiB stored.\n");
  assert.equal((await client.run(["put", "отчёт 1.bin"])).stdout, "отчёт 1.bin: already there.\n");
  assert.match(
    (await client.run(["files"])).stdout,
    /^SIZE +AGE +SHA-256 +NAME\n3\.0 MiB +\d+s +[0-9a-f]{12} +отчёт 1\.bin\n$/,
  );
  await Deno.mkdir(`${files}/down`);
  assert.equal((await client.run(["fetch", "-o", "down", "отчёт 1.bin"])).stdout, "down/отчёт 1.bin: 3.0 MiB.\n");
  assert.deepEqual(await Deno.readFile(`${files}/down/отчёт 1.bin`), content);
  assert.equal((await client.run(["fetch", "-o", "down", "отчёт 1.bin"])).stdout, "down/отчёт 1.bin: already there.\n");
  assert.deepEqual((await Array.fromAsync(Deno.readDir(`${files}/down`))).length, 1);
  assert.equal((await client.run(["files", "rm", "отчёт 1.bin"])).code, 0);
  assert.equal((await client.run(["fetch", "отчёт 1.bin"])).code, 3);
});

Deno.test("put --json tells of the very file that is there already, whatever came after it", async () => {
  await using client = await startClient();
  const { files } = client.service;
  for (const name of ["a", "b"]) {
    await Deno.writeTextFile(`${files}/${name}`, name);
    await client.run(["put", name]);
  }
  const { name, bytes, sha256, url } = JSON.parse((await client.run(["put", "--json", "a"])).stdout);
  assert.deepEqual([name, bytes, /^[0-9a-f]{64}$/.test(sha256), url], ["a", 1, true, "/api/files/a"]);
});

Deno.test("another file of that name is not overwritten, on either side, unless that is asked for", async () => {
  await using client = await startClient();
  const { files } = client.service;
  await Deno.writeTextFile(`${files}/a`, "one");
  await client.run(["put", "a"]);
  await Deno.writeTextFile(`${files}/a`, "two!");
  assert.equal((await client.run(["put", "a"])).code, 4);
  assert.equal((await client.run(["fetch", "a"])).code, 4);
  assert.equal(await Deno.readTextFile(`${files}/a`), "two!");
  assert.equal((await client.run(["put", "--replace", "a"])).code, 0);
  await Deno.writeTextFile(`${files}/a`, "three");
  assert.equal((await client.run(["fetch", "--replace", "a"])).code, 0);
  assert.equal(await Deno.readTextFile(`${files}/a`), "two!");
  assert.equal((await client.run(["fetch", "-o", "-", "a"])).stdout, "two!");
  assert.equal((await client.run(["put", "nope"])).code, 2);
  const nowhere = await client.run(["fetch", "-o", "none/b", "a"]);
  assert.deepEqual([nowhere.code, nowhere.stderr.includes("There is no directory none.")], [2, true], nowhere.stderr);
});

Deno.test("a download that was cut off goes on where it was, and one of another version begins anew", async () => {
  await using client = await startClient();
  const { files, url } = client.service;
  const content = bytes(2 * MIB);
  await Deno.writeFile(`${files}/big`, content);
  await client.run(["put", "-n", "stored", "big"]);
  const etag = (await fetch(`${url}/api/files/stored`, { method: "HEAD" })).headers.get("etag")!.replaceAll(/\W/g, "");
  await Deno.writeFile(`${files}/out.${etag}.part`, content.subarray(0, MIB));
  const { stdout } = await client.run(["fetch", "--json", "-o", "out", "stored"]);
  assert.equal(JSON.parse(stdout).resumed, MIB);
  assert.deepEqual(await Deno.readFile(`${files}/out`), content);
  await Deno.writeFile(`${files}/bad.${etag}.part`, bytes(MIB));
  const bad = await client.run(["fetch", "-o", "bad", "stored"]);
  assert.deepEqual([bad.code, /arrived otherwise than it is stored/.test(bad.stderr)], [1, true], bad.stderr);
  assert.equal((await client.run(["fetch", "-o", "bad", "stored"])).code, 0);
  assert.deepEqual(await Deno.readFile(`${files}/bad`), content);
});

Deno.test("a download goes on over a server that is killed and comes back", async () => {
  await using client = await startClient();
  const { service } = client;
  const content = bytes(64 * MIB);
  await Deno.writeFile(`${service.files}/big`, content);
  await client.run(["put", "-n", "stored", "big"]);
  const child = startStint(["fetch", "-o", "-", "stored"], { env: client.env });
  await child.stdin.close();
  const stderr = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  let received = (await reader.read()).value!;
  const parts = [received];
  // Nobody reads on: the server cannot have sent all of it.
  await service.kill9();
  await service.start(["--port", String(service.port)]);
  for (let part; !(part = await reader.read()).done;) parts.push(part.value);
  received = new Uint8Array(await new Blob(parts).arrayBuffer());
  const { code } = await child.status;
  assert.equal(code, 0, await stderr);
  await stderr;
  assert.equal(received.length, content.length);
  assert.ok(received.every((byte, i) => byte === content[i]));
});

Deno.test("an upload waits for a slot, can be paused and ended by its worker-id, and says so", async () => {
  await using client = await startClient({ args: ["--slots", "1"] });
  const { service } = client;
  await Deno.writeFile(`${service.files}/f`, bytes(MIB));
  await client.run(["run", "-n", "blocker", "exec sleep 600"]);
  assert.equal((await client.run(["put", "--no-wait", "f"])).code, 75);
  const waiting = client.run(["put", "f"]);
  await client.run(["kill", "blocker"]);
  assert.deepEqual([(await waiting).code, (await waiting).stdout], [0, "f: 1.0 MiB stored.\n"]);
  const { "worker-id": id } = (await service.call("GET", "/new_job")).json<{ "worker-id": string }>();
  assert.match((await client.run(["status", id])).stdout, new RegExp(`^Worker +${id}\nState +reserved\n`));
  assert.equal((await client.run(["kill", id])).stdout, `Worker ${id} is terminated.\n`);
  const refused = await client.run(["pause", id]);
  assert.deepEqual([refused.code, /cannot become paused/.test(refused.stderr)], [4, true], refused.stderr);
  await eventually("the slot is free", async () => (await client.run(["status"])).stdout.includes("0 of 1 taken"));
});

/** Starts `stint put` through a proxy that lets the server have some of the file, but not all. */
async function putHalfway({ env, service }: Client, proxy: HalfwayProxy, args: string[]) {
  proxy.limit = 8 * MIB;
  const child = startStint(["put", ...args], { env: { ...env, STINT_SERVER: proxy.url } });
  await child.stdin.close();
  const output = Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const worker = await eventually("some has arrived", async () => {
    const { workers } = (await service.call("GET", "/api/workers")).json<{ workers: WorkerView[] }>();
    return workers.find(({ bytes }) => bytes > 4 * MIB)?.["worker-id"];
  });
  return { child, output, worker };
}

async function untilFailed({ service }: Client, worker: string): Promise<void> {
  await eventually("the server knows", async () => {
    return (await service.call("GET", `/status/${worker}`)).json<WorkerView>().status === "failed";
  });
}

async function assertStored({ service }: Client, name: string, content: Uint8Array): Promise<void> {
  const { bytes: received } = await service.call("GET", `/api/files/${name}`);
  assert.ok(received.length === content.length && received.every((byte, i) => byte === content[i]), name);
}

Deno.test("an upload goes on over a connection that breaks, and over a server that is killed and comes back", async () => {
  await using client = await startClient();
  const { service } = client;
  await using proxy = new HalfwayProxy(service.port);
  const content = bytes(24 * MIB);
  for (const how of ["broken", "killed"]) {
    await Deno.writeFile(`${service.files}/${how}`, content);
    const { child, output } = await putHalfway(client, proxy, [`${service.files}/${how}`]);
    proxy.limit = Infinity;
    if (how === "broken") {
      proxy.cut();
    } else {
      await service.kill9();
      await service.start(["--port", String(service.port)]);
    }
    const [stdout, stderr] = await output;
    assert.deepEqual([(await child.status).code, stdout], [0, `${how}: 24.0 MiB stored.\n`], stderr);
    assert.match(stderr, /No server answers at .*; going on when it is there again/);
    await assertStored(client, how, content);
    const { audit } = (await service.call("GET", "/api/audit?limit=1")).json<{ audit: { object: string }[] }>();
    assert.match(audit[0]!.object, /^\S+… resumes \S+…$/, "it was gone on with, not sent anew");
    content[0] = content[0]! ^ 1;
  }
});

Deno.test("run again after it was killed, put goes on where it was; another file of that name and size is sent anew", async () => {
  await using client = await startClient();
  const { service } = client;
  await using proxy = new HalfwayProxy(service.port);
  const content = bytes(24 * MIB);
  const path = `${service.files}/big`;
  const killed = async (...args: string[]) => {
    await Deno.writeFile(path, content);
    const { child, output, worker } = await putHalfway(client, proxy, [...args, path]);
    child.kill("SIGKILL");
    await child.status;
    await output;
    proxy.cut();
    await untilFailed(client, worker);
    return worker;
  };
  const known = async () => {
    const { uploads } = (await service.call("GET", "/api/uploads")).json<{ uploads: { upload_id: string }[] }>();
    return uploads.map(({ upload_id }) => upload_id);
  };
  const first = await killed();
  assert.deepEqual(await known(), [first]);
  assert.match((await client.run(["put", "big"])).stdout, /^big: 24\.0 MiB stored, \d\.\d MiB of it sent earlier\.\n$/);
  assert.deepEqual(await known(), []);
  await assertStored(client, "big", content);

  content[5] = content[5]! ^ 1;
  const second = await killed("--replace");
  content[5] = content[5]! ^ 1;
  content[6] = content[6]! ^ 1;
  await Deno.writeFile(path, content);
  assert.equal((await client.run(["put", "--replace", "big"])).stdout, "big: 24.0 MiB stored.\n");
  assert.deepEqual(await known(), [second], "what has arrived of the other file is left alone");
  await assertStored(client, "big", content);

  content[7] = content[7]! ^ 1;
  await killed("--no-resume", "--replace");
  assert.deepEqual(await known(), [second], "nothing is left of one that is not to be gone on with");
});
