import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { startStint } from "../../helpers/stint.ts";
import { startClient } from "./support.ts";

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
