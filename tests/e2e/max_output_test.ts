import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { resultOf, run, stdoutOf, submit } from "../helpers/jobs.ts";
import { startService } from "../helpers/service.ts";

const MIB = 2 ** 20;

Deno.test("a job that floods the disk is ended with all its processes, and its result says so", async () => {
  await using service = await startService({ args: ["--max-output", String(10 * MIB)] });
  const result = await run(service, "(setsid sh -c 'trap \"\" TERM; while :; do echo flood; done' &); exec yes >&2");
  assert.equal(result.state, "failed");
  assert.match(result.error!, /^It was ended because its std(out|err) passed 10485760 bytes.*--max-output/);
  assert.deepEqual(await service.jobProcesses(), []);
  const job = (await service.call("GET", `/api/jobs/${result.result_id}`)).json<{ error: string; max_output: null }>();
  assert.deepEqual([job.error, job.max_output], [result.error, null]);
});

Deno.test("a job's own limit goes before the server's, and what stays below its limit is left alone", async () => {
  await using service = await startService({ args: ["--max-output", "1000"] });
  const more = await run(service, { command: "head -c 100000 /dev/zero; sleep 0.3", max_output: 100_000 });
  assert.deepEqual([more.state, more.error], ["succeeded", null]);
  const less = await run(service, { command: "head -c 100001 /dev/zero; sleep 60", max_output: 100_000 });
  assert.equal(less.state, "failed");
  assert.match(less.error!, /stdout passed 100000 bytes.*max_output/);
  // The limit is for what it prints: files of its own it may write as it likes.
  const file = await run(service, `head -c 200000 /dev/zero >'${service.files}/big'; wc -c <'${service.files}/big'`);
  assert.deepEqual([file.state, file.stdout.trim()], ["succeeded", "200000"]);
});

Deno.test("a job that floods while no server watches is ended by the next one", async () => {
  await using service = await startService();
  const gate = `${service.files}/gate`;
  const { job_id } = await submit(service, {
    command: `echo on; while [ ! -e '${gate}' ]; do sleep 0.05; done; head -c ${3 * MIB} /dev/zero; exec sleep 600`,
    max_output: MIB,
  });
  await eventually("it has begun", async () => await stdoutOf(service, job_id) === "on\n");
  await service.kill9();
  await Deno.writeTextFile(gate, "");
  const path = `${service.data}/jobs/0/${job_id}.stdout`;
  await eventually("it has written too much", async () => (await Deno.stat(path)).size > 3 * MIB);
  await service.start();
  const result = await resultOf(service, job_id);
  assert.equal(result.state, "failed");
  assert.match(result.error!, /passed 1048576 bytes/);
  assert.deepEqual(await service.jobProcesses(), []);
});

Deno.test("max_output is a whole number of bytes, from 1", async () => {
  await using service = await startService();
  for (const max_output of [0, -1, 1.5, "1000", null]) {
    const answer = await service.call("POST", "/api/jobs", { json: { command: "true", max_output } });
    assert.equal(answer.status, 400, JSON.stringify(max_output));
    assert.equal(answer.json<{ errors: { pointer: string }[] }>().errors[0]!.pointer, "/max_output");
  }
});
