import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { control, jobOf, remove, resultOf, stdoutOf, submit, untilState } from "../helpers/jobs.ts";
import { type Service, startService } from "../helpers/service.ts";
import type { JobView } from "../helpers/views.ts";

async function putQueue(service: Service, name: string, settings: Record<string, unknown>): Promise<void> {
  const answer = await service.call("PUT", `/api/queues/${encodeURIComponent(name)}`, { json: settings });
  assert.ok([200, 201].includes(answer.status), answer.text);
}

async function queueOf(service: Service, name: string) {
  const answer = await service.call("GET", `/api/queues/${encodeURIComponent(name)}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Record<string, unknown>>();
}

Deno.test("after SIGKILL queues keep their settings and their jobs, and go on within their slots", async () => {
  await using service = await startService({ args: ["--slots", "4"] });
  const log = `${service.files}/log`;
  await putQueue(service, "ночь", { slots: 1, max_queued: 50 });
  await putQueue(service, "stopped", { paused: true });
  const stopped = await submit(service, { command: `echo stopped >>${log}`, queue: "stopped", priority: 1000 });
  const gate = `${service.files}/go`;
  const first = await submit(service, {
    command: `echo 0 >>${log}; while [ ! -e ${gate} ]; do sleep 0.05; done`,
    queue: "ночь",
  });
  await untilState(service, first.job_id, "running");
  const ids: number[] = [];
  for (const [name, priority] of [[1, 0], [2, 0], [3, 9]]) {
    ids.push((await submit(service, { command: `echo ${name} >>${log}`, queue: "ночь", priority })).job_id);
  }
  await service.kill9();
  await service.start();
  const { url: _url, ...found } = await queueOf(service, "ночь");
  assert.deepEqual(found, {
    name: "ночь",
    slots: 1,
    paused: false,
    max_queued: 50,
    queued: 3,
    waiting: 0,
    held: 0,
    running: 1,
  });
  assert.equal((await queueOf(service, "stopped")).paused, true);
  await Deno.writeTextFile(gate, "");
  for (const id of ids) await resultOf(service, id);
  assert.equal(await Deno.readTextFile(log), "0\n3\n1\n2\n", "one at a time, the first one adopted, in their order");
  assert.equal((await jobOf(service, stopped.job_id)).state, "queued");
  await remove(service, stopped.job_id);
});

Deno.test("a start_at that comes while the server is down is kept when the next one is there", async () => {
  await using service = await startService();
  const at = Date.now() + 1500;
  const soon = await submit(service, { command: "date +%s%3N", start_at: new Date(at).toISOString() });
  const seconds = await submit(service, { command: "date +%s%3N", start_at: at / 1000 });
  const far = await submit(service, { command: "true", start_at: "2999-01-01T00:00:00Z" });
  await service.kill9();
  await service.start();
  for (const { job_id } of [soon, seconds]) {
    const { stdout } = await resultOf(service, job_id);
    assert.ok(Number(stdout) >= at, `started at ${stdout.trim()}, before ${at}`);
  }
  assert.equal((await jobOf(service, far.job_id)).state, "queued");
  await remove(service, far.job_id);
});

Deno.test("after SIGKILL what comes after another job still waits for it, and is cancelled when that fails", async () => {
  await using service = await startService();
  const gate = `${service.files}/go`;
  const wait = `while [ ! -e ${gate} ]; do sleep 0.05; done`;
  const good = await submit(service, wait);
  const bad = await submit(service, `${wait}; exit 5`);
  const both = await submit(service, { command: "echo both", after: [good.job_id, bad.job_id], if: "done" });
  const happy = await submit(service, { command: "echo happy", after: [good.job_id] });
  const doomed = await submit(service, { command: "echo never", after: [good.job_id, bad.job_id] });
  const chained = await submit(service, { command: "echo never", after: [doomed.job_id] });
  for (const { job_id } of [good, bad]) await untilState(service, job_id, "running");
  await service.kill9();
  await Deno.writeTextFile(gate, "");
  await service.start();
  assert.equal((await resultOf(service, both.job_id)).stdout, "both\n");
  assert.equal((await resultOf(service, happy.job_id)).stdout, "happy\n");
  const cancelled = await resultOf(service, doomed.job_id);
  assert.deepEqual([cancelled.state, cancelled.error], [
    "terminated",
    `Cancelled: job ${bad.job_id}, which it was to come after, failed with exit code 5.`,
  ]);
  assert.match((await resultOf(service, chained.job_id)).error!, /was cancelled\.$/);
});

Deno.test("SIGKILL between and during attempts: each is made once, in order, with all its output", async () => {
  await using service = await startService();
  const gate = `${service.files}/go`;
  const { job_id: id } = await submit(service, {
    command: `echo begin; while [ ! -e ${gate} ]; do sleep 0.05; done; rm ${gate}; echo end; exit 1`,
    retries: 2,
    retry_delay: 1.5,
    backoff: 1,
  });
  for (let attempt = 1; attempt <= 3; attempt++) {
    await eventually(
      `attempt ${attempt} has begun`,
      async () => (await stdoutOf(service, id)) === `${"begin\nend\n".repeat(attempt - 1)}begin\n`,
      60_000,
    );
    await service.kill9();
    await Deno.writeTextFile(gate, "");
    await eventually("it went on without a server", () => !exists(gate), 60_000);
    await service.start();
    if (attempt === 3) break;
    await eventually("the attempt is told of", async () => {
      const job = await jobOf(service, id) as JobView & { attempt: number };
      return job.attempt === attempt + 1;
    }, 60_000);
    await service.kill9();
    await service.start();
  }
  const result = await resultOf(service, id);
  assert.deepEqual([result.state, result.exit_code, result.stdout], ["failed", 1, "begin\nend\n".repeat(3)]);
  const { attempts } = await jobOf(service, id) as JobView & { attempts: { exit_code: number; stdout_to: number }[] };
  assert.deepEqual(attempts.map(({ exit_code, stdout_to }) => [exit_code, stdout_to]), [[1, 10], [1, 20]]);
});

Deno.test("after SIGKILL an edit and a rerun are as they were answered", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const { job_id: id } = await submit(service, { command: "echo before", start_at: "2999-01-01" });
  await control(service, id, "paused");
  const edit = await service.call("PATCH", `/api/jobs/${id}`, { json: { command: "echo после", start_at: null } });
  assert.equal(edit.status, 200, edit.text);
  await service.kill9();
  await service.start();
  assert.equal((await jobOf(service, id)).state, "paused");
  await control(service, id, "running");
  assert.equal((await resultOf(service, id)).stdout, "после\n");
  const rerun = await service.call("POST", `/api/jobs/${id}/rerun`);
  assert.equal(rerun.status, 202, rerun.text);
  const again = rerun.json<JobView & { rerun_of: number }>();
  await service.kill9();
  await service.start();
  assert.equal((await resultOf(service, again.job_id)).stdout, "после\n");
  assert.equal((await jobOf(service, again.job_id) as JobView & { rerun_of: number }).rerun_of, id);
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
