import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { jobOf, resultOf, run, submit } from "../helpers/jobs.ts";
import { runProgram } from "../helpers/program.ts";
import { startService } from "../helpers/service.ts";
import { isInstalled, shell } from "../helpers/shell.ts";
import { tempDir } from "../helpers/temp_dir.ts";
import type { ProblemView } from "../helpers/views.ts";

const isRoot = Deno.uid() === 0;
/** What root's jobs can become, on every system. */
const USER = "nobody";
const canSandbox = isInstalled("bwrap") &&
  (await shell("bwrap --ro-bind / / --unshare-pid --unshare-net true")).code === 0;

/** The arguments of all processes, as every user of the machine can read them. */
async function argumentsOfAll(): Promise<string> {
  const all: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    // Many are gone by the time they are looked at.
    if (/^\d+$/.test(name)) all.push(await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => ""));
  }
  return all.join("\n");
}

Deno.test({
  name:
    "with --run-as jobs are that user, in its groups, with its environment, and what the server keeps is closed to them",
  ignore: !isRoot || !isInstalled("setpriv"),
  async fn() {
    await using service = await startService({ args: ["--run-as", USER] });
    const { stdout } = await run(service, { command: 'id -un; id -Gn; echo "$USER $LOGNAME"; cat', stdin: "x\n" });
    const { stdout: groups } = await shell(`id -Gn ${USER}`);
    assert.deepEqual(stdout.split("\n").slice(0, 4), [USER, groups.trim(), `${USER} ${USER}`, "x"]);
    const closed = await run(service, `ls '${service.data}' || cat '${service.data}/stint.db'`);
    assert.equal(closed.state, "failed");
    assert.match(closed.stderr, /Permission denied/);
    // What it sets for itself has no say over how it becomes who it is.
    const variables = { PATH: `${service.files}:/usr/bin:/bin`, LD_PRELOAD: "/no/such/library.so" };
    await Deno.writeTextFile(`${service.files}/setpriv`, "#!/bin/sh\nid -un\n", { mode: 0o755 });
    const tricked = await run(service, { command: 'id -un; echo "$PATH"', env: variables });
    assert.deepEqual(tricked.stdout.split("\n").slice(0, 2), [USER, variables.PATH]);
    const server = await run(service, `cat /proc/${service.pid}/environ`);
    assert.match(server.stderr, /Permission denied/);
  },
});

Deno.test({
  name: "jobs of another user are paused, taken up again and ended like any other",
  ignore: !isRoot || !isInstalled("setpriv"),
  async fn() {
    await using service = await startService({ args: ["--run-as", USER] });
    const { job_id } = await submit(service, "setsid sleep 600.5 & sleep 600.5; true");
    const sleepers = async () => Number((await shell(`pgrep -u ${USER} -fxc 'sleep 600.5'`)).stdout);
    await eventually("all of it runs", async () => await sleepers() === 2);
    const state = (wanted: string) => service.call("PATCH", `/api/jobs/${job_id}`, { json: { state: wanted } });
    assert.equal((await state("paused")).status, 200);
    await service.kill9();
    await service.start();
    assert.equal((await jobOf(service, job_id)).state, "paused");
    assert.equal((await state("running")).status, 200);
    assert.equal((await state("terminated")).status, 200);
    const result = await resultOf(service, job_id);
    assert.deepEqual([result.state, result.survivors], ["terminated", []]);
  },
});

Deno.test("--run-as for nobody's name, or from who is not root, is one line and exit code 2", async () => {
  await using directory = await tempDir();
  const { code, stderr } = await runProgram([
    "--run-as",
    "no-such-user",
    "--port",
    "0",
    "--data",
    `${directory.path}/d`,
  ]);
  assert.equal(code, 2);
  assert.match(stderr, isRoot ? /^stint: --run-as no-such-user: there is no user no-such-user\n$/m : /only root may/);
});

Deno.test("--job-umask is the jobs' own; what the server makes stays closed", async () => {
  await using service = await startService({ args: ["--job-umask", "027"] });
  const made = `${service.files}/made`;
  assert.equal((await run(service, `echo x >'${made}'; umask`)).stdout.trim(), "0027");
  assert.equal((await Deno.stat(made)).mode! & 0o777, 0o640);
  assert.equal((await shell(`find '${service.data}' -perm /077 ! -type l`)).stdout, "");
});

Deno.test("a job's limits are its own, the server's where it has none, and never more than the server's", async () => {
  await using service = await startService({ args: ["--job-files", "100", "--job-memory", "1073741824"] });
  const show = "ulimit -n; ulimit -v; ulimit -S -t";
  const lines = async (limits?: Record<string, number>) =>
    (await run(service, { command: show, ...(limits && { limits }) })).stdout.trim().split("\n");
  const [files, memory, cpu] = await lines();
  assert.deepEqual([files, cpu], ["100", "unlimited"]);
  // Where the control group counts memory, no process has a limit of its own.
  assert.ok(memory === "1048576" || memory === "unlimited");
  const own = await lines({ open_files: 50, cpu_seconds: 7 });
  assert.deepEqual([own[0], own[2]], ["50", "7"]);
  for (
    const [limits, pointer] of [
      [{ open_files: 101 }, "/limits/open_files"],
      [{ memory_bytes: 1073741825 }, "/limits/memory_bytes"],
      [{ cpu_seconds: 0 }, "/limits/cpu_seconds"],
      [{ processes: 1.5 }, "/limits/processes"],
      [{ memory: 1 }, "/limits/memory"],
      ["none", "/limits"],
    ] as const
  ) {
    const answer = await service.call("POST", "/api/jobs", { json: { command: "true", limits } });
    assert.equal(answer.status, 400, JSON.stringify(limits));
    assert.equal(answer.json<ProblemView>().errors![0]!.pointer, pointer);
  }
});

Deno.test("limits are shown, edited, taken along by a rerun, and do not reach the next job", async () => {
  await using service = await startService({ args: ["--slots", "1"] });
  const blocker = await submit(service, "sleep 600");
  const queued = await submit(service, { command: "ulimit -n", limits: { open_files: 64 }, sandbox: false });
  const shown = (await service.call("GET", `/api/jobs/${queued.job_id}`)).json<Record<string, unknown>>();
  assert.deepEqual([shown["limits"], shown["sandbox"]], [{ open_files: 64 }, false]);
  const edited = await service.call("PATCH", `/api/jobs/${queued.job_id}`, {
    json: { limits: { open_files: 65, cpu_seconds: 9 }, sandbox: null },
  });
  assert.equal(edited.status, 200, edited.text);
  const now = edited.json<Record<string, unknown>>();
  assert.deepEqual([now["limits"], now["sandbox"]], [{ open_files: 65, cpu_seconds: 9 }, null]);
  await service.call("PATCH", `/api/jobs/${blocker.job_id}`, { json: { state: "terminated" } });
  assert.equal((await resultOf(service, queued.job_id)).stdout, "65\n");
  const again = (await service.call("POST", `/api/jobs/${queued.job_id}/rerun`)).json<{ job_id: number }>();
  assert.equal((await resultOf(service, again.job_id)).stdout, "65\n");
  assert.notEqual((await run(service, "ulimit -n")).stdout, "65\n");
});

Deno.test("a job that uses up its processor time is ended, and says so; one that takes too much memory fails", async () => {
  await using service = await startService();
  const busy = await run(service, { argv: ["/bin/sh", "-c", "while :; do :; done"], limits: { cpu_seconds: 1 } });
  assert.deepEqual([busy.state, busy.signal], ["failed", "SIGXCPU"]);
  assert.match(busy.error!, /used up the processor time/);
  const deaf = await run(service, { command: "trap '' XCPU; while :; do :; done", limits: { cpu_seconds: 1 } });
  assert.deepEqual([deaf.state, deaf.exit_code], ["failed", 137]);
  const large = await run(service, {
    command: "x=$(head -c 100000000 /dev/zero | tr '\\0' a); echo ${#x}",
    limits: { memory_bytes: 50_000_000 },
  });
  assert.equal(large.state, "failed");
  assert.doesNotMatch(large.stdout, /100000000/);
});

Deno.test({
  name: "a sandbox shows nothing of the server, takes no writing, reaches no network, and has a /tmp of its own",
  ignore: !canSandbox,
  async fn() {
    await using service = await startService();
    const outside = `${service.files}/outside`;
    await Deno.writeTextFile(outside, "x");
    const sandbox = true;
    const look = async (command: string, more: Record<string, unknown> = { sandbox }) =>
      await run(service, { command, cwd: "/", ...more });
    assert.equal((await look("echo привет; exit 7")).stdout, "привет\n");
    assert.equal((await look("exit 7")).exit_code, 7);
    // Whoever's home is in one of the places that are the job's own has to name another directory.
    assert.match((await look("true", { sandbox, cwd: service.files })).stderr, /chdir.*No such file/);
    const { files } = service;
    assert.equal((await look("pwd", { sandbox: { write: [files] }, cwd: files })).stdout, `${files}\n`);
    assert.equal((await look(`ls -A /tmp '${service.data}' | grep -v : ; true`)).stdout.trim().length < 40, true);
    assert.match((await look(`cat '${service.data}/stint.db'`)).stderr, /No such file/);
    assert.match((await look("echo x >/usr/stint-was-here")).stderr, /Read-only file system/);
    assert.match((await look("echo x >/tmp/own && cat /tmp/own")).stdout, /x/);
    assert.equal(
      (await look("ls /proc | grep -c '^[0-9]'")).stdout.trim().length < 3,
      true,
      "few processes to be seen",
    );
    assert.match((await look(`kill -9 ${service.pid}; echo alive`)).stdout, /alive/);
    assert.equal((await service.call("GET", "/-/healthy")).status, 200);
    const reach = `curl -sS -m 5 http://127.0.0.1:${service.port}/-/healthy`;
    assert.match((await look(reach)).stderr, /connect|resolve/i);
    assert.match((await look(reach, { sandbox: { network: true } })).stdout, /"ok"/);
    const write = `echo y >'${service.files}/made'`;
    assert.notEqual((await look(write)).exit_code, 0);
    assert.equal((await look(write, { sandbox: { write: [service.files] } })).stderr, "");
    assert.equal(await Deno.readTextFile(`${service.files}/made`), "y\n");
    const whole = await look(`ls -A '${service.data}'`, { sandbox: { write: ["/"] } });
    assert.equal(whole.stdout, "", "not even with everything to write to");
  },
});

Deno.test({
  name: "a job's variables arrive in a sandbox, long and odd ones too, and are no arguments that all users could read",
  ignore: !canSandbox,
  async fn() {
    await using service = await startService();
    const secret = `secret-${crypto.randomUUID()}`;
    const long = "я".repeat(60_000);
    const { job_id } = await submit(service, {
      command:
        'printf "%s\n" "$KEY" "$TWO" "$LC_ALL" "${#LONG} ${LD_PRELOAD-}"; tr "\\0" "\\n" </proc/self/environ; sleep 600',
      env: { LC_ALL: "C.UTF-8", LONG: long, TWO: "a\nb 'c' \"$d\" \\" },
      secret_env: { KEY: secret },
      cwd: "/",
      sandbox: true,
    });
    const output = async () => (await service.call("GET", `/api/jobs/${job_id}/stdout`)).text;
    await eventually("it has said what it has", async () => (await output()).includes("\nUSER="));
    const said = await output();
    assert.ok(said.startsWith(`${secret}\na\nb 'c' "$d" \\\nC.UTF-8\n`), said.slice(0, 300));
    assert.ok(said.includes(`\nLONG=${long}\n`));
    assert.ok(!said.includes("stint_"), "nothing that it was carried in is left");
    assert.ok(
      (await argumentsOfAll()).includes("/proc/self/environ"),
      "its own arguments are among those that are looked at",
    );
    assert.ok(!(await argumentsOfAll()).includes(secret));
    await service.call("PATCH", `/api/jobs/${job_id}`, { json: { state: "terminated" } });
    await resultOf(service, job_id);
  },
});

Deno.test({
  name: "what is in a sandbox gets signals, may end in order, is paused and ended as a whole, and outlives the server",
  ignore: !canSandbox,
  async fn() {
    await using service = await startService();
    const command = "trap 'echo bye; exit 3' TERM; echo ready; setsid sleep 600 & while :; do sleep 0.05; done";
    const { job_id } = await submit(service, { command, cwd: "/", sandbox: true });
    const output = async (text: string) =>
      (await service.call("GET", `/api/jobs/${job_id}/stdout`)).text.includes(text);
    await eventually("it is ready", () => output("ready"));
    await service.kill9();
    await service.start();
    const state = (wanted: string) => service.call("PATCH", `/api/jobs/${job_id}`, { json: { state: wanted } });
    assert.equal((await state("paused")).status, 200);
    assert.equal((await state("running")).status, 200);
    assert.equal((await state("terminated")).status, 200);
    const result = await resultOf(service, job_id);
    assert.deepEqual([result.state, result.exit_code, result.survivors], ["terminated", 3, []]);
    assert.match(result.stdout, /bye/);
    assert.deepEqual(await service.jobProcesses(), []);
  },
});

Deno.test({
  name: "with --sandbox every job has one, together with --run-as too, and none can do without",
  ignore: !canSandbox || !isRoot,
  async fn() {
    await using service = await startService({ args: ["--sandbox", "--run-as", USER] });
    const { stdout } = await run(service, "id -un; ls /proc | grep -c '^[0-9]'; echo x >/tmp/a; ls /tmp");
    const [user, count, own] = stdout.split("\n");
    assert.deepEqual([user, own], [USER, "a"]);
    assert.ok(Number(count) < 10);
    const answer = await service.call("POST", "/api/jobs", { json: { command: "true", sandbox: false } });
    assert.equal(answer.status, 400);
    assert.equal(answer.json<ProblemView>().errors![0]!.pointer, "/sandbox");
    for (const write of [["relative"], ["/a/../b"], "/x"]) {
      const { status } = await service.call("POST", "/api/jobs", { json: { command: "true", sandbox: { write } } });
      assert.equal(status, 400, JSON.stringify(write));
    }
  },
});

Deno.test("where bubblewrap is not installed, --sandbox is one line, and a job that asks for one is 400", async () => {
  await using directory = await tempDir();
  // Everything but that.
  await shell(
    `mkdir '${directory.path}/bin'; for dir in /bin /usr/bin; do for file in "$dir"/*; do ` +
      `[ "\${file##*/}" = bwrap ] || ln -sf "$file" '${directory.path}/bin/'; done; done`,
  );
  const env = { PATH: `${directory.path}/bin` };
  const { code, stderr } = await runProgram(["--sandbox", "--port", "0", "--data", `${directory.path}/d`], { env });
  assert.equal(code, 2);
  assert.match(stderr, /^stint: --sandbox: bubblewrap is not installed/);
  await using service = await startService({ env });
  const answer = await service.call("POST", "/api/jobs", { json: { command: "true", sandbox: true } });
  assert.equal(answer.status, 400);
  assert.match(answer.json<ProblemView>().errors![0]!.detail, /bubblewrap is not installed/);
});
