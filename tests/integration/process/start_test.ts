import assert from "node:assert/strict";
import { MAX_ARGUMENT_BYTES } from "../../../lib/process/limits.ts";
import { type Bench, exited, withProcesses } from "./support/bench.ts";
import { SHELLS } from "./support/shells.ts";

const NASTY = 'Привет, 🌍! it\'s "quoted" $HOME `id` \\n \\ %s %% ! * ~\n\tsecond line;& |\r <>(){}[]#\u0081\u00ff';

/** The test with each shell as the runner. */
function onEveryShell(name: string, body: (bench: Bench) => Promise<void>): void {
  for (const shell of SHELLS) Deno.test(`${name} (${shell.name})`, () => withProcesses(body, { shell: shell.path }));
}

onEveryShell("any text reaches a command, its environment and its standard input unharmed", async ({ run }) => {
  const quoted = `'${NASTY.replaceAll("'", "'\\''")}'`;
  assert.equal((await run({ command: `printf %s ${quoted}` })).stdout, NASTY);
  assert.equal((await run({ command: `printf %s "$TEXT"`, env: { TEXT: NASTY } })).stdout, NASTY);
  assert.equal((await run({ command: "cat", stdin: NASTY })).stdout, NASTY);
  assert.equal((await run({ argv: ["printf", "%s|", NASTY, "", "-n", "a b"] })).stdout, `${NASTY}||-n|a b|`);
  assert.equal((await run({ command: `printf %s ${quoted} >&2` })).stderr, NASTY);
});

onEveryShell("a working directory may have any name", async ({ run, directory }) => {
  const cwd = `${directory}/${NASTY.replaceAll("/", "")}`;
  await Deno.mkdir(cwd);
  assert.equal((await run({ argv: ["pwd"], cwd })).stdout, `${cwd}\n`);
  assert.equal((await run({ command: "printf x >made", cwd })).stderr, "");
  assert.equal(await Deno.readTextFile(`${cwd}/made`), "x");
});

onEveryShell("a command of 100 KiB is run, and one that the system would not take is refused", async ({ run }) => {
  const text = "я".repeat(50 * 1024);
  assert.equal((await run({ command: `printf %s '${text}'` })).stdout, text);
  const room = MAX_ARGUMENT_BYTES - ": ".length;
  assert.equal(exited((await run({ command: ": " + "x".repeat(room) })).end).code, 0);
  const { end } = await run({ command: ": " + "x".repeat(room + 1) });
  assert.equal(end.how, "not_started");
});

onEveryShell("fifty jobs that are started at once all run, each with its own output", async ({ run, request }) => {
  const base = request({ command: "true" }).jobId;
  const results = await Promise.all(Array.from({ length: 50 }, (_, n) => run({ command: `echo job ${n}; exit ${n}` })));
  results.forEach(({ end, stdout, jobId }, n) => {
    assert.equal(stdout, `job ${n}\n`);
    assert.equal(exited(end).code, n);
    assert.ok(jobId > base);
  });
});

onEveryShell("an exit code is reported, and above 128 the signal that a shell means by it", async ({ run }) => {
  const ended = async (command: string) => {
    const { code, signal } = exited((await run({ command })).end);
    return [code, signal];
  };
  assert.deepEqual(await ended("exit 0"), [0, null]);
  assert.deepEqual(await ended("exit 255"), [255, null]);
  assert.deepEqual(await ended("no-such-command-at-all"), [127, null]);
  assert.deepEqual(await ended("kill -s KILL $$"), [137, "SIGKILL"]);
  assert.deepEqual(await ended("kill -s TERM $$"), [143, "SIGTERM"]);
  assert.deepEqual(await ended("exit 137"), [137, "SIGKILL"]);
});

onEveryShell("without a shell an exit code above 128 is told apart from a signal", async ({ run }) => {
  const ended = async (script: string) => {
    const { code, signal } = exited((await run({ argv: ["sh", "-c", script] })).end);
    return [code, signal];
  };
  assert.deepEqual(await ended("exit 137"), [137, null]);
  assert.deepEqual(await ended("exit 143"), [143, null]);
  assert.deepEqual(await ended("kill -s KILL $$"), [137, "SIGKILL"]);
  assert.deepEqual(await ended("kill -s USR1 $$"), [138, "SIGUSR1"]);
  assert.deepEqual(await ended("kill -s INT $$"), [130, "SIGINT"]);
});

onEveryShell("a program or working directory that is not there is said so, and nothing runs", async (bench) => {
  const { run, directory } = bench;
  const reason = async (spec: Parameters<typeof run>[0]) => {
    const { end } = await run(spec);
    assert.equal(end.how, "not_started", JSON.stringify(end));
    return end.how === "not_started" ? end.reason : "";
  };
  await Deno.writeTextFile(`${directory}/plain`, "", { mode: 0o600 });
  assert.equal(await reason({ argv: ["no-such-foo"] }), "No such program: no-such-foo");
  assert.equal(await reason({ argv: ["./foo"] }), "No such program: ./foo");
  assert.equal(await reason({ argv: ["ls"], env: { PATH: "/nowhere" } }), "No such program: ls");
  assert.equal(await reason({ argv: [`${directory}/plain`] }), `${directory}/plain is not executable.`);
  assert.equal(await reason({ argv: ["plain"], env: { PATH: directory } }), "plain is not executable.");
  assert.equal(await reason({ argv: ["/etc"] }), "/etc is a directory, not a program.");
  assert.equal(await reason({ command: "true", cwd: "/no/x" }), "The working directory /no/x does not exist.");
  assert.equal(
    await reason({ command: "true", cwd: "/etc/passwd" }),
    "The working directory /etc/passwd does not exist.",
  );
});

onEveryShell("a program is looked for in the job's own PATH, and relative to its working directory", async (bench) => {
  const { run, directory } = bench;
  await Deno.writeTextFile(`${directory}/tool`, "#!/bin/sh\necho found\n", { mode: 0o755 });
  assert.equal((await run({ argv: ["tool"], env: { PATH: `/nowhere:${directory}` } })).stdout, "found\n");
  assert.equal((await run({ argv: ["./tool"], cwd: directory })).stdout, "found\n");
});

Deno.test("a command that would be refused by the system is refused with a reason", () =>
  withProcesses(async ({ run }) => {
    for (const spec of [{ argv: [] }, { argv: [""] }, { command: "a\0b" }, { command: "true", env: { "a=b": "" } }]) {
      assert.equal((await run(spec)).end.how, "not_started");
    }
  }));

Deno.test("a handle tells when its run began and ended and what processor time it took", () =>
  withProcesses(async ({ start }) => {
    const before = Date.now();
    const handle = await start({ command: "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done" });
    const end = exited(await handle.ended);
    assert.ok(handle.started >= before && handle.started <= end.ended && end.ended <= Date.now());
    assert.ok(end.cpu && end.cpu.user > 0.01, JSON.stringify(end));
    const next = await start({ command: "true" });
    const { cpu } = exited(await next.ended);
    assert.ok(cpu && cpu.user < end.cpu.user, "the time of the job before is not counted again");
  }));

Deno.test("starting a job that has a run already gives that run, and runs nothing twice", () =>
  withProcesses(async ({ start, processes, text }) => {
    const handle = await start({ command: "echo once; exit 5" });
    assert.equal(exited(await handle.ended).code, 5);
    const again = await processes.start(handle.request);
    assert.equal(again.pid, handle.pid);
    assert.equal(exited(await again.ended).code, 5);
    assert.equal(await text(handle.jobId, "stdout"), "once\n");
  }));

Deno.test("what cannot be written makes a start fail with a reason, and nothing runs", () =>
  withProcesses(async ({ run, start, directory }) => {
    await run({ command: "true" });
    await Deno.remove(`${directory}/spare`, { recursive: true });
    const end = await (await start({ command: `touch ${directory}/ran` })).ended;
    const reason = "The files for the command's output could not be created.";
    assert.deepEqual(end, { how: "not_started", reason });
    await assert.rejects(Deno.stat(`${directory}/ran`), Deno.errors.NotFound);
  }));
