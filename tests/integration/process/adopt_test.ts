import assert from "node:assert/strict";
import { type Bench, exited, withProcesses } from "./support/bench.ts";
import { eventually } from "./support/eventually.ts";
import { carriers, parentOf } from "./support/proc.ts";
import { SHELLS } from "./support/shells.ts";
import type { RunHandle, RunRequest } from "../../../lib/services/ports/processes.ts";

/** The permissions of the `start` task. */
const PERMISSIONS = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-run=/bin/sh"];

/** Has another process start the jobs, and takes that process away. */
async function startElsewhere(
  bench: Bench,
  requests: RunRequest[],
  how: "kill" | "throw" = "kill",
  shell = "/bin/sh",
): Promise<void> {
  const script = new URL("support/starter.ts", import.meta.url).pathname;
  const flags = ["run", "--no-prompt", "--unstable-no-legacy-abort", ...PERMISSIONS];
  const server = new Deno.Command(Deno.execPath(), {
    args: [...flags, script, bench.directory, shell, JSON.stringify(requests), how],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = server.stdout.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), "started\n");
  if (how === "kill") server.kill("SIGKILL");
  await reader.cancel();
  await server.status;
}

async function adopted(bench: Bench, request: RunRequest): Promise<RunHandle> {
  const handle = await bench.processes.adopt(request);
  assert.notEqual(handle, "never_began");
  return handle as RunHandle;
}

for (const shell of SHELLS) {
  Deno.test(`a job outlives a killed server, is adopted and ends with its exit code (${shell.name})`, () =>
    withProcesses(async (bench) => {
      const going = bench.request({ command: `echo one; until [ -e go ]; do sleep 0.05; done; echo two; exit 9` });
      going.spec.cwd = bench.directory;
      await startElsewhere(bench, [going], "kill", shell.path);
      const handle = await adopted(bench, going);
      assert.deepEqual(await carriers(going.cookie).then((pids) => pids.includes(handle.pid)), true);
      await Deno.writeTextFile(`${bench.directory}/go`, "");
      assert.equal(exited(await handle.ended).code, 9);
      assert.equal(await bench.text(going.jobId, "stdout"), "one\ntwo\n");
    }));
}

Deno.test("a job outlives a server that dies of an uncaught exception", () =>
  withProcesses(async (bench) => {
    const request = bench.request({ command: "until [ -e go ]; do sleep 0.05; done; exit 6", cwd: bench.directory });
    await startElsewhere(bench, [request], "throw");
    const handle = await adopted(bench, request);
    await Deno.writeTextFile(`${bench.directory}/go`, "");
    assert.equal(exited(await handle.ended).code, 6);
  }));

Deno.test("what ended while no server was there is known to the next one", () =>
  withProcesses(async (bench) => {
    const done = bench.request({ command: "exit 3" });
    const refused = bench.request({ argv: ["no-such-program"] });
    const killed = bench.request({ command: "kill -s KILL $$" });
    await startElsewhere(bench, [done, refused, killed]);
    await eventually("the end is written down", async () => {
      const record = await Deno.readTextFile(`${bench.directory}/0/${killed.jobId}.run`);
      return record.includes("exited");
    });
    const handle = await adopted(bench, done);
    const end = exited(await handle.ended);
    assert.equal(end.code, 3);
    assert.ok(handle.started <= end.ended && end.ended <= Date.now());
    assert.deepEqual(await (await adopted(bench, refused)).ended, {
      how: "not_started",
      reason: "No such program: no-such-program",
    });
    assert.equal(exited(await (await adopted(bench, killed)).ended).signal, "SIGKILL");
  }));

Deno.test("an adopted job can be paused, resumed and terminated", () =>
  withProcesses(async (bench) => {
    const request = bench.request({ command: "sleep 300 & sleep 300" });
    await startElsewhere(bench, [request]);
    const handle = await adopted(bench, request);
    await handle.pause();
    await handle.resume();
    assert.deepEqual(await handle.terminate(60_000), []);
    assert.equal(exited(await handle.ended).signal, "SIGTERM");
    assert.deepEqual(await carriers(request.cookie), []);
  }));

Deno.test("a job whose runner and command were killed has vanished", () =>
  withProcesses(async (bench) => {
    const request = bench.request({ argv: ["sleep", "300"] });
    await startElsewhere(bench, [request]);
    const handle = await adopted(bench, request);
    Deno.kill(await parentOf(handle.pid), "SIGKILL");
    Deno.kill(handle.pid, "SIGKILL");
    assert.deepEqual(await handle.ended, { how: "vanished" });
  }));

Deno.test("a job whose runner is killed goes on, and has vanished when its command ends", () =>
  withProcesses(async ({ start, directory }) => {
    const handle = await start({ command: "until [ -e go ]; do sleep 0.05; done", cwd: directory });
    Deno.kill(await parentOf(handle.pid), "SIGKILL");
    assert.equal(await Promise.race([handle.ended, new Promise((resolve) => setTimeout(resolve, 1500, "on"))]), "on");
    assert.equal((await carriers(handle.request.cookie)).includes(handle.pid), true);
    await Deno.writeTextFile(`${directory}/go`, "");
    assert.deepEqual(await handle.ended, { how: "vanished" });
  }));

Deno.test("a runner lives through SIGTERM, SIGINT, SIGQUIT and SIGHUP", () =>
  withProcesses(async ({ start, run }) => {
    const handle = await start({ command: "sleep 0.5; exit 8" });
    const runner = await parentOf(handle.pid);
    for (const signal of ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"] as const) Deno.kill(runner, signal);
    assert.equal(exited(await handle.ended).code, 8);
    assert.equal(exited((await run({ command: "exit 2" })).end).code, 2);
  }));

Deno.test("a runner that is killed while idle, or as it is about to start a job, is replaced", () =>
  withProcesses(async ({ start, run }) => {
    for (let round = 0; round < 10; round++) {
      const first = await start({ command: "exit 1" });
      const runner = await parentOf(first.pid).catch(() => 0);
      await first.ended;
      const again = run({ command: "echo ran; exit 2" });
      if (runner > 1) killIfThere(runner);
      const { end, stdout } = await again;
      // Killed after it had begun the command: then nobody knows the end, but nothing is run twice.
      if (end.how === "exited") assert.equal(end.code, 2);
      else assert.equal(end.how, "vanished");
      assert.ok(stdout === "ran\n" || end.how === "vanished");
    }
  }));

Deno.test("an end that could not be written down is known all the same to the server that began the run", () =>
  withProcesses(async ({ start, directory }) => {
    const handle = await start({ command: "until [ -e go ]; do sleep 0.05; done; exit 4", cwd: directory });
    await Deno.remove(`${directory}/0/${handle.jobId}.run`);
    await Deno.writeTextFile(`${directory}/go`, "");
    assert.equal(exited(await handle.ended).code, 4);
  }));

Deno.test("a record that cannot be read for a while makes no job lost", () =>
  withProcesses(async (bench) => {
    const request = bench.request({ command: "until [ -e go ]; do sleep 0.05; done; exit 9", cwd: bench.directory });
    await startElsewhere(bench, [request]);
    const handle = await adopted(bench, request);
    const record = `${bench.directory}/0/${request.jobId}.run`;
    await Deno.rename(record, `${record}.away`);
    await Deno.mkdir(record);
    await Deno.writeTextFile(`${bench.directory}/go`, "");
    const ended = handle.ended.then(() => "ended");
    // Longer than it takes to find a command gone twice.
    assert.equal(
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 4000, "watched"))]),
      "watched",
    );
    // At once: a record that is not there at two looks is that of a command that vanished.
    Deno.removeSync(record);
    Deno.renameSync(`${record}.away`, record);
    assert.equal(exited(await handle.ended).code, 9);
  }));

Deno.test("a run of an earlier boot has vanished", () =>
  withProcesses(async ({ processes, request, directory }) => {
    const { jobId, ...rest } = request({ command: "true" });
    await Deno.mkdir(`${directory}/0`);
    await Deno.writeTextFile(`${directory}/0/${jobId}.run`, `started other-boot ${Deno.pid} 5 1000\n`);
    const handle = await processes.adopt({ jobId, ...rest });
    assert.ok(handle !== "never_began");
    assert.equal(handle.started, 1000);
    assert.deepEqual(await handle.ended, { how: "vanished" });
  }));

Deno.test("a job that was not started is adopted as never begun, then never begins unless it is started again", () =>
  withProcesses(async ({ processes, request, text, directory }) => {
    const wanted = request({ command: "echo ran; exit 5" });
    assert.equal(await processes.adopt(wanted), "never_began");
    assert.equal(await processes.adopt(wanted), "never_began");
    const handle = await processes.start(wanted);
    assert.equal(exited(await handle.ended).code, 5);
    assert.equal(await text(wanted.jobId, "stdout"), "ran\n");
    // What is claimed stays so: a runner that comes late must not write over it.
    assert.equal(await Deno.readTextFile(`${directory}/0/${wanted.jobId}.run`), "claimed\n");
    const later = await processes.adopt(wanted);
    assert.ok(later !== "never_began" && later.pid === handle.pid);
  }));

Deno.test("when a start and an adoption race, the job runs exactly once or never", () =>
  withProcesses(async (bench) => {
    await bench.run({ command: "true" });
    for (let round = 0; round < 20; round++) {
      const request = bench.request({ command: "echo ran", cwd: bench.directory });
      const starting = bench.processes.start(request);
      const adoption = await bench.processes.adopt(request);
      const handle = await starting;
      assert.equal((await handle.ended).how, "exited", JSON.stringify(await handle.ended));
      if (adoption !== "never_began") assert.equal(adoption.pid, handle.pid);
      assert.equal(await bench.text(request.jobId, "stdout"), "ran\n");
    }
  }));

function killIfThere(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
