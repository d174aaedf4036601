import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { resultOf, run, submit } from "../helpers/jobs.ts";
import { runProgram, taskArguments } from "../helpers/program.ts";
import { startService } from "../helpers/service.ts";
import { shell } from "../helpers/shell.ts";
import { tempDir } from "../helpers/temp_dir.ts";

Deno.test("the start task and the executable are given the same, narrow permissions", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url))) as {
    tasks: { start: string; compile: { command: string } };
  };
  const of = (text: string) => text.split(" ").filter((word) => /^--(allow|deny|no-prompt|unstable)/.test(word)).sort();
  const compile = tasks.compile.command.split("&&").find((command) => command.includes("deno compile"))!;
  assert.deepEqual(of(compile), of(tasks.start));
  const flags = taskArguments();
  assert.ok(flags.includes("--no-prompt"));
  assert.ok(flags.includes("--allow-run=/bin/sh"), "no other program");
  assert.ok(!flags.some((flag) => /^(-A|--allow-all|--allow-ffi|--allow-import|--allow-env$)/.test(flag)));
  assert.ok(flags.some((flag) => flag.startsWith("--deny-write=/etc,/usr,")));
});

Deno.test("everything that the service does is done within the permissions of the start task", async () => {
  await using service = await startService({ args: ["--tls-self-signed", "--redirect-http", "0"] });
  const curl = async (line: string) => {
    const { stdout, stderr } = await shell(`curl -sS --cacert '${service.data}/tls/cert.pem' ${line}`);
    assert.equal(stderr, "");
    return stdout;
  };
  const base = `https://localhost:${service.port}`;
  for (const path of ["/", "/openapi.json", "/api/docs", "/-/healthy", "/-/ready", "/-/metrics", "/api/audit"]) {
    assert.match(await curl(`-o /dev/null -w '%{http_code}' ${base}${path}`), /^200$/, path);
  }
  assert.match(await curl(`-X PUT -d x ${base}/foo -w '%{http_code}'`), /201$/);
  assert.match(
    await curl(`-d '{"amount":7}' -H 'Content-Type: application/json' ${base}/api/keys/count/add`),
    /"value":7,/,
  );
  const worker = async () => /"worker-id":"([^"]+)"/.exec(await curl(`${base}/new_job`))![1]!;
  assert.match(await curl(`-d 12345 '${base}/upload/new/${await worker()}?name=file'`), /"completed"/);
  assert.match(await curl(`-d '{"file":"file"}' ${base}/download/new/${await worker()}`), /12345/);
  const post = (body: unknown, path = "/api/jobs") =>
    curl(`-H 'Content-Type: application/json' -H 'Prefer: wait=60' -d '${JSON.stringify(body)}' ${base}${path}`);
  assert.match(await post({ command: "cat; echo done", stdin: "in " }), /"stdout":"in done/);
  assert.match(await post({ command: "true" }, `/job/new/${await worker()}`), /"completed"/);
  const { job_id } = JSON.parse(
    await curl(`-H 'Content-Type: application/json' -d '{"command":"sleep 600"}' ${base}/api/jobs`),
  ) as { job_id: number };
  const patch = (state: string) =>
    curl(`-X PATCH -H 'Content-Type: application/json' -d '{"state":"${state}"}' ${base}/api/jobs/${job_id}`);
  assert.match(await patch("paused"), /"paused"/);
  assert.match(await patch("running"), /"running"/);
  assert.match(await patch("terminated"), /"state"/);
  await eventually("it has ended", async () => (await curl(`${base}/api/jobs/${job_id}`)).includes('"terminated"'));
  assert.match(await curl(`-X DELETE -w '%{http_code}' ${base}/api/jobs/${job_id}`), /204/);
  assert.equal(await service.stop(), 0);
  assert.deepEqual(await service.errors(), []);
  assert.doesNotMatch(service.logs(), /NotCapable|Requires \w+ access/);
});

Deno.test("a server that is started again takes jobs up within the same permissions", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, "sleep 600");
  await run(service, "true");
  await service.kill9();
  await service.start();
  const { status } = await service.call("DELETE", `/api/jobs/${job_id}?terminate=true`);
  assert.equal(status, 204);
  assert.doesNotMatch(service.logs(), /NotCapable|Requires \w+ access/);
});

Deno.test("a data directory that is open to others, or somebody else's, is refused with what to do", async () => {
  await using directory = await tempDir();
  const data = `${directory.path}/data`;
  await Deno.mkdir(data);
  for (const mode of [0o750, 0o701, 0o755]) {
    await Deno.chmod(data, mode);
    const { code, stderr } = await runProgram(["--port", "0", "--data", data]);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`^stint: --data ${data}: is open to other users .*: chmod 700 ${data}\n$`, "m"));
  }
  assert.deepEqual([...Deno.readDirSync(data)], [], "nothing is put there");
  await Deno.chmod(data, 0o700);
  await using service = await startService({ data });
  assert.equal((await resultOf(service, (await submit(service, "true")).job_id)).state, "succeeded");
  if (Deno.uid() !== 0) return;
  const other = `${directory.path}/other`;
  await Deno.mkdir(other, { mode: 0o700 });
  await Deno.chown(other, 65_534, 65_534);
  const { code, stderr } = await runProgram(["--port", "0", "--data", other]);
  assert.equal(code, 2);
  assert.match(stderr, /belongs to user 65534, and this is user 0; .*chown -R 0/);
});
