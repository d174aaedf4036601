import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { control, jobOf, remove, resultOf, run, stdoutOf, submit, untilState } from "../helpers/jobs.ts";
import { isAlive, untilStopped } from "../helpers/left_behind.ts";
import { type Service, startService } from "../helpers/service.ts";
import { shell } from "../helpers/shell.ts";

/** Submits a job that first says its process id and its keeper's. */
async function known(service: Service, job: Record<string, unknown>) {
  const { job_id } = await submit(service, { ...job, command: `echo "$$ $PPID"; ${job.command}` });
  const words = await eventually("it says who it is", async () => {
    const [line] = (await stdoutOf(service, job_id)).split("\n");
    return line ? line.split(" ").map(Number) : undefined;
  });
  return { id: job_id, pid: words[0]!, keeper: words[1]! };
}

function passed(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
}

Deno.test("a time limit goes on counting while no server is there", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, { command: "sleep 600", timeout: 2 });
  await untilState(service, job_id, "running");
  await service.kill9();
  await eventually("its time is over", passed(2_000));
  await service.start();
  const result = await resultOf(service, job_id);
  assert.equal(result.state, "timed_out");
  assert.ok(result.duration >= 2, String(result.duration));
});

Deno.test("a pause that spans a restart is kept, and does not count towards the time limit", async () => {
  await using service = await startService();
  const { id, pid } = await known(service, { command: "sleep 600", timeout: 3 });
  await control(service, id, "paused");
  await service.kill9();
  await eventually("its time would be over", passed(3_500));
  await service.start();
  assert.equal((await jobOf(service, id)).state, "paused");
  await untilStopped(pid);
  await service.stop();
  await service.start();
  assert.equal((await jobOf(service, id)).state, "paused");
  await control(service, id, "running");
  assert.equal((await jobOf(service, id)).state, "running", "there is time left");
  const result = await resultOf(service, id);
  assert.equal(result.state, "timed_out");
  assert.ok(result.paused >= 3.5, `paused for ${result.paused} s`);
  assert.ok(result.duration - result.paused >= 2.9, `ran for ${result.duration - result.paused} s`);
});

Deno.test("a job whose process vanished while nobody watched is lost, and what is left of it is named", async () => {
  await using service = await startService();
  const { id, pid, keeper } = await known(service, { command: "setsid sleep 600 & sleep 600" });
  const other = await known(service, { command: "sleep 600" });
  await service.kill9();
  await shell(`kill -s KILL ${keeper} ${other.keeper}; kill -s KILL -- -${pid} -${other.pid}`);
  await service.start();
  const lost = await resultOf(service, id);
  assert.deepEqual([lost.state, lost.exit_code, lost.survivors.length], ["lost", null, 1]);
  assert.match(lost.error!, new RegExp(`still there: ${lost.survivors[0]}\\.`));
  assert.ok(await isAlive(lost.survivors[0]!));
  const gone = await resultOf(service, other.id);
  assert.deepEqual([gone.state, gone.survivors], ["lost", []]);
  await shell(`kill -s KILL ${lost.survivors[0]}`);
});

Deno.test("a stranger that has a job's process id is not taken for it: not after a reboot, not within one boot", async () => {
  await using service = await startService();
  const jobs = [await known(service, { command: "sleep 600" }), await known(service, { command: "sleep 600" })];
  await service.kill9();
  for (const { pid, keeper } of jobs) await shell(`kill -s KILL ${keeper}; kill -s KILL -- -${pid}`);
  const stranger = new Deno.Command("sleep", { args: ["600"] }).spawn();
  const stat = await Deno.readTextFile(`/proc/${stranger.pid}/stat`);
  const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]!;
  // The first: of an earlier boot, the very process id and start time. The second: another start time.
  const forged = [`00000000-0000-0000-0000-000000000000 ${stranger.pid} ${start}`, `$1 ${stranger.pid} 12345`];
  for (const [i, { id }] of jobs.entries()) {
    const path = `${service.data}/jobs/0/${id}.run`;
    const record = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, record.replace(/^started (\S+) \d+ \d+/m, `started ${forged[i]}`));
  }
  await service.start();
  for (const { id } of jobs) {
    const { state, survivors } = await resultOf(service, id);
    assert.deepEqual([state, survivors], ["lost", []]);
  }
  assert.ok(await isAlive(stranger.pid));
  stranger.kill("SIGKILL");
  await stranger.status;
});

Deno.test("an end by a signal that nobody asked for has failed, and is told from an exit code where that can be", async () => {
  await using service = await startService();
  const ended = async (id: number) => {
    const { state, exit_code, signal } = await resultOf(service, id);
    return [state, exit_code, signal];
  };
  const killed = await known(service, { command: "exec sleep 600" });
  Deno.kill(killed.pid, "SIGKILL");
  assert.deepEqual(await ended(killed.id), ["failed", 137, "SIGKILL"]);
  const direct = await run(service, { argv: ["sh", "-c", "kill -s KILL $$"] });
  assert.deepEqual([direct.state, direct.exit_code, direct.signal], ["failed", 137, "SIGKILL"]);
  const code = await run(service, { argv: ["sh", "-c", "exit 137"] });
  assert.deepEqual([code.state, code.exit_code, code.signal], ["failed", 137, null]);
  const asked = await known(service, { command: "exec sleep 600" });
  await control(service, asked.id, "terminated");
  assert.deepEqual(await ended(asked.id), ["terminated", 143, "SIGTERM"]);
  const late = await known(service, { command: "sleep 600", timeout: 0.5 });
  assert.equal((await ended(late.id))[0], "timed_out");
});

Deno.test("a job whose keeper does not move can be terminated all the same", async () => {
  await using service = await startService();
  const { id, keeper } = await known(service, { command: "sleep 600" });
  Deno.kill(keeper, "SIGSTOP");
  await control(service, id, "terminated");
  const { state, survivors } = await resultOf(service, id);
  assert.deepEqual([state, survivors], ["terminated", []]);
  Deno.kill(keeper, "SIGKILL");
});

Deno.test("a server out of file handles takes no job with it, and carries out what was due when it has some again", async () => {
  await using service = await startService();
  service.before = "ulimit -n 80";
  await service.restart();
  const goesOn = await known(service, { command: `while [ ! -e ${service.files}/go ]; do sleep 0.05; done; exit 6` });
  const ends = await submit(service, { command: "sleep 600", timeout: 3 });
  await untilState(service, ends.job_id, "running");
  const connections: Deno.Conn[] = [];
  await eventually("the server has run out of file handles", async () => {
    try {
      for (let n = 0; n < 100; n++) connections.push(await Deno.connect({ hostname: "127.0.0.1", port: service.port }));
    } catch (error) {
      // Deno 2.4.2 tells that it accepts no more only when its connections have ended.
      if (error instanceof Deno.errors.ConnectionRefused) return true;
      throw error;
    }
    return /Too many open files|os error 24/.test(service.logs());
  }, 60_000);
  await eventually("the time limit has passed", passed(3_000));
  assert.ok(await isAlive(goesOn.pid));
  for (const connection of connections) connection.close();
  assert.equal((await resultOf(service, ends.job_id)).state, "timed_out");
  await service.kill9();
  await service.start();
  await Deno.writeTextFile(`${service.files}/go`, "");
  assert.equal((await resultOf(service, goesOn.id)).exit_code, 6);
});

Deno.test("many jobs are taken up by a server that has few file handles", async () => {
  await using service = await startService({ args: ["--slots", "60"] });
  const ids: number[] = [];
  for (let n = 0; n < 60; n++) ids.push((await submit(service, "sleep 600")).job_id);
  for (const id of ids) await untilState(service, id, "running");
  await service.kill9();
  service.before = "ulimit -n 80";
  await service.start();
  for (const id of ids) assert.equal((await jobOf(service, id)).state, "running");
  assert.deepEqual(await service.errors(), []);
  await remove(service, ...ids);
});

Deno.test("a job that finds no file handles for its keeper waits until there are some", async () => {
  await using service = await startService({ args: ["--slots", "40"] });
  service.before = "ulimit -n 60";
  await service.restart();
  const ids: number[] = [];
  for (let n = 0; n < 40; n++) ids.push((await submit(service, "sleep 1")).job_id);
  for (const id of ids) {
    const { state, error } = await resultOf(service, id);
    assert.deepEqual([state, error], ["succeeded", null]);
  }
  const said = service.logs().split("\n").filter((line) => line.includes("WARNING"));
  assert.ok(said.some((line) => line.includes("no room for a job's process")), "there was a lack");
  assert.ok(said.length < 20, `${said.length} lines about it`);
});
