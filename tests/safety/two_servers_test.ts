import { equal, match, ok } from "node:assert/strict";
import { runProgram } from "../helpers/program.ts";
import { startService } from "../helpers/service.ts";
import { tempDir } from "../helpers/temp_dir.ts";

Deno.test("a second server on a directory refuses and names the first, whose data it leaves alone", async () => {
  await using service = await startService();
  equal((await service.call("PUT", "/a", { body: "1" })).status, 201);
  for (let i = 0; i < 2; i++) {
    const { code, stdout, stderr } = await runProgram(["--port", "0", "--data", service.data]);
    equal(code, 1);
    equal(stdout, "");
    match(stderr, new RegExp(`^stint: The data directory .* is in use by process ${service.pid}\\. .*\\n$`));
  }
  equal((await service.call("PUT", "/a", { body: "2" })).status, 204);
});

Deno.test("it refuses by any other name of the directory too", async () => {
  await using service = await startService();
  const link = `${service.files}/link`;
  await Deno.symlink(service.data, link);
  for (const name of [link, `${service.data}/../${service.data.split("/").at(-1)}`]) {
    equal((await runProgram(["--port", "0", "--data", name])).code, 1, name);
  }
});

Deno.test("when the first was killed the next may start, though the lock file still names it", async () => {
  await using service = await startService();
  equal((await service.call("PUT", "/a", { body: "1" })).status, 201);
  const killed = service.pid;
  await service.kill9();
  equal(Number(await Deno.readTextFile(`${service.data}/lock`)), killed);
  await service.start();
  equal((await service.call("GET", "/a")).text, "1");
  equal(Number(await Deno.readTextFile(`${service.data}/lock`)), service.pid);
  equal((await runProgram(["--port", "0", "--data", service.data])).code, 1);
});

Deno.test("a lock file that was removed, or replaced by a copy of itself, does not let a second server in", async () => {
  await using service = await startService();
  const lock = `${service.data}/lock`;
  const content = await Deno.readFile(lock);
  await Deno.remove(lock);
  const without = await runProgram(["--port", "0", "--data", service.data]);
  equal(without.code, 1);
  match(without.stderr, /is in use by/);
  await Deno.writeFile(`${lock}.copy`, content);
  await Deno.rename(`${lock}.copy`, lock);
  const copied = await runProgram(["--port", "0", "--data", service.data]);
  equal(copied.code, 1);
  match(copied.stderr, /is in use by/);
  equal((await service.call("PUT", "/a", { body: "2" })).status, 201);
});

Deno.test("a copy of a directory in use has a life of its own", async () => {
  await using service = await startService();
  equal((await service.call("PUT", "/a", { body: "1" })).status, 201);
  equal(await service.stop(), 0);
  await using root = await tempDir();
  const copy = `${root.path}/copy`;
  await Deno.mkdir(copy, { mode: 0o700 });
  for await (const { name, isFile } of Deno.readDir(service.data)) {
    if (isFile) await Deno.copyFile(`${service.data}/${name}`, `${copy}/${name}`);
  }
  await service.start();
  await using other = await startService({ data: copy });
  equal((await other.call("PUT", "/a", { body: "2" })).status, 204);
  equal((await service.call("GET", "/a")).text, "1");
});

Deno.test("of servers started at once on one directory one gets it", async () => {
  await using root = await tempDir();
  const data = `${root.path}/data`;
  const settled = await Promise.allSettled(Array.from({ length: 4 }, () => startService({ data })));
  const started = settled.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
  try {
    equal(started.length, 1);
    for (const result of settled) {
      ok(result.status === "fulfilled" || /is in use by/.test(String(result.reason)), String(Object.values(result)));
    }
  } finally {
    for (const service of started) await service[Symbol.asyncDispose]();
  }
});
