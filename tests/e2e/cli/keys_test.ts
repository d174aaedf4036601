import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { startStint } from "../../helpers/stint.ts";
import { startClient } from "./support.ts";

Deno.test("keys are set from words, pipes and files, and come out byte for byte", async () => {
  await using client = await startClient();
  assert.deepEqual(await client.run(["set", "foo", "привет"]), { code: 0, stdout: "", stderr: "" });
  assert.equal((await client.run(["get", "foo"])).stdout, "привет");
  const bytes = "a\0b\r\n\n";
  await client.run(["set", "piped"], { input: bytes });
  assert.equal((await client.run(["get", "piped"])).stdout, bytes);
  await Deno.writeTextFile(`${client.service.files}/value`, bytes);
  await client.run(["set", "file", "--file", "value"]);
  assert.equal((await client.run(["get", "file"])).stdout, bytes);
  await client.run(["set", "empty", ""]);
  assert.deepEqual(await client.run(["get", "empty"]), { code: 0, stdout: "", stderr: "" });
  assert.equal((await client.run(["keys", "-q"])).stdout, "empty\nfile\nfoo\npiped\n");
  assert.match(
    (await client.run(["keys", "f"])).stdout,
    /^KEY +VERSION +EXPIRES +VALUE\nfile +\d+ +never +a␀b␍␊␊\nfoo +\d+ +never +привет\n$/,
  );
});

Deno.test("conditions hold, or change nothing and exit with 4", async () => {
  await using client = await startClient();
  const { version } = JSON.parse((await client.run(["set", "--json", "lock", "a", "--if-absent"])).stdout);
  assert.equal((await client.run(["set", "lock", "b", "--if-absent"])).code, 4);
  assert.equal((await client.run(["set", "lock", "b", "--if-version", String(version + 1)])).code, 4);
  assert.equal((await client.run(["get", "lock", "--if-changed", String(version)])).code, 4);
  assert.equal((await client.run(["set", "lock", "b", "--if-version", String(version)])).code, 0);
  assert.equal((await client.run(["del", "lock", "--if-version", String(version)])).code, 4);
  assert.equal((await client.run(["del", "lock", "--if-present"])).code, 0);
  assert.deepEqual([(await client.run(["del", "lock"])).code, (await client.run(["get", "lock"])).code], [3, 3]);
  assert.equal((await client.run(["set", "lock", "b", "--if-present"])).code, 4);
  assert.equal((await client.run(["set", "lock", "b", "--if-present", "--if-absent"])).code, 2);
});

Deno.test("a key with a time to live shows it and goes", async () => {
  await using client = await startClient();
  await client.run(["set", "soon", "x", "--ttl", "2h"]);
  assert.match((await client.run(["keys"])).stdout, /soon +\d+ +in (2h|1h 59m) +x/);
  await client.run(["set", "soon", "x", "--ttl", "0.05"]);
  await eventually("it is gone", async () => (await client.run(["get", "soon"])).code === 3);
});

Deno.test("what can be no key never reaches the server", async () => {
  await using client = await startClient();
  for (const key of ["api/jobs", "a.b", "..", "ключ", ""]) {
    const { code, stderr } = await client.run(["get", key]);
    assert.deepEqual([code, /is no key\. A key is 1 to 255/.test(stderr)], [2, true], stderr);
  }
  assert.equal((await client.run(["set", "large", "x".repeat(1025)])).code, 2);
});

Deno.test("watch prints changes from a version on, over a restart", async () => {
  await using client = await startClient();
  const { service } = client;
  const { version } = JSON.parse((await client.run(["set", "--json", "a", "1"])).stdout);
  await client.run(["set", "a", "2"]);
  const child = startStint(["watch", "--after", String(version)], { env: client.env });
  await child.stdin.close();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const reading = (async () => {
    for (let part; !(part = await lines.read()).done;) text += part.value;
  })();
  await eventually("the first change is printed", () => text !== "");
  await service.kill9();
  await service.start(["--port", String(service.port)]);
  await client.run(["set", "a", "3"]);
  await client.run(["del", "a"]);
  await eventually("all is printed", () => text.split("\n").length === 4);
  child.kill("SIGTERM");
  await Promise.all([reading, child.status, child.stderr.cancel()]);
  assert.deepEqual(text.trim().split("\n").map((line) => line.replace(/^\d+ +/, "")), [
    "put  a  2",
    "put  a  3",
    "delete  a",
  ]);
});
