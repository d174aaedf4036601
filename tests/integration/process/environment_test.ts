import assert from "node:assert/strict";
import { type Bench, withProcesses } from "./support/bench.ts";
import { SHELLS } from "./support/shells.ts";

function onEveryShell(name: string, body: (bench: Bench) => Promise<void>): void {
  for (const shell of SHELLS) Deno.test(`${name} (${shell.name})`, () => withProcesses(body, { shell: shell.path }));
}

function namesOf(environ: string): string[] {
  return environ.split("\0").filter((entry) => entry !== "").map((entry) => entry.slice(0, entry.indexOf("="))).sort();
}

onEveryShell("a job sees a clean environment and nothing of the server's", async ({ run }) => {
  Deno.env.set("STINT_TEST_SECRET", "hidden");
  const { stdout, jobId } = await run({ argv: ["env", "-0"], env: { MINE: "1" } });
  const shellsOwn = ["PWD", "SHLVL", "_"];
  assert.deepEqual(namesOf(stdout).filter((name) => !shellsOwn.includes(name)), [
    "HOME",
    "LANG",
    "MINE",
    "PATH",
    "SHELL",
    "STINT_JOB_COOKIE",
    "STINT_JOB_ID",
    "TMPDIR",
    "USER",
  ]);
  assert.ok(stdout.split("\0").includes(`STINT_JOB_ID=${jobId}`));
  assert.ok(stdout.split("\0").includes("LANG=C.UTF-8"));
});

onEveryShell("variables that a shell would choke on arrive all the same", async ({ run }) => {
  const env = {
    "a-b": "1",
    "имя": "2",
    IFS: "x",
    UID: "7",
    PATH: "/bin:/usr/bin",
    stint_at: "3",
    OPTIND: "z",
    "-i": "4",
  };
  const { stdout } = await run({ argv: ["env", "-0"], env });
  for (const [name, value] of Object.entries(env)) assert.ok(stdout.split("\0").includes(`${name}=${value}`), name);
});

onEveryShell("a job's variables override the common ones, but not those it is known by", async ({ run }) => {
  const { stdout } = await run({ command: "echo $HOME $STINT_JOB_ID", env: { HOME: "/h", STINT_JOB_ID: "77" } });
  assert.match(stdout, /^\/h (?!77)\d+\n$/);
});

onEveryShell("a job has all signals as they are by default and no descriptors but its own three", async ({ run }) => {
  const { stdout } = await run({ argv: ["grep", "Sig", "/proc/self/status"] });
  const ignored = BigInt("0x" + /SigIgn:\s*([0-9a-f]+)/.exec(stdout)![1]!);
  assert.equal(ignored & 0x7fffffffn, 0n, stdout);
  assert.match(stdout, /SigBlk:\s*0+\n/);
  const fds = await run({ command: "for n in 3 4 5 6 7 8 9; do if [ -e /proc/$$/fd/$n ]; then echo $n; fi; done" });
  assert.equal(fds.stdout, "");
});

onEveryShell("a job is the leader of its own session and process group", async ({ run }) => {
  const { stdout } = await run({ command: "cat /proc/$$/stat" });
  const [pid, group, session] = [stdout.split(" ")[0], ...stdout.split(") ")[1]!.split(" ").slice(2, 4)];
  assert.deepEqual([group, session], [pid, pid]);
});

Deno.test("the outputs are private and the job's own files are as its umask says", () =>
  withProcesses(async ({ run, directory }) => {
    const { jobId } = await run({ command: "umask; touch made", cwd: directory, stdin: "" });
    assert.equal((await Deno.stat(`${directory}/made`)).mode! & 0o777, 0o640);
    for (const ending of ["stdout", "stderr", "stdin", "run"]) {
      assert.equal((await Deno.stat(`${directory}/0/${jobId}.${ending}`)).mode! & 0o777, 0o600, ending);
    }
    assert.equal((await Deno.stat(`${directory}/0`)).mode! & 0o777, 0o700);
  }, { umask: "027" }));

Deno.test("a job's home is the one given, and its working directory", async () => {
  const home = await Deno.makeTempDir();
  await withProcesses(async ({ run }) => {
    assert.equal((await run({ command: 'echo "$HOME"; pwd' })).stdout, `${home}\n${home}\n`);
  }, { home });
  await Deno.remove(home);
});
