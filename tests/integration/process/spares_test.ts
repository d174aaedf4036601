import assert from "node:assert/strict";
import { silent } from "../../../lib/process/log.ts";
import { Spares } from "../../../lib/process/output/spares.ts";
import { openProcesses } from "../../../lib/process/processes.ts";
import type { OutputName } from "../../../lib/services/ports/processes.ts";
import { openJobEngine } from "../../helpers/job_engine.ts";
import { tempDir } from "../../helpers/temp_dir.ts";
import { type Bench, withProcesses } from "./support/bench.ts";
import { eventually } from "./support/eventually.ts";
import { controlGroupsWork } from "./support/groups.ts";

const OUTPUTS: OutputName[] = ["stdout", "stderr"];
const groups = await controlGroupsWork();

/** The files by their inodes, in the outputs' own places; null where there is none. */
async function ownFiles({ directory }: Bench, jobId: number): Promise<(number | null)[]> {
  const paths = OUTPUTS.map((name) => `${directory}/${Math.floor(jobId / 1000)}/${jobId}.${name}`);
  return await Promise.all(paths.map((path) => Deno.stat(path).then(({ ino }) => ino, () => null)));
}

/** The files that are lent, or may be: their sizes, by inode. */
async function spares({ directory }: Bench): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  for await (const { name } of Deno.readDir(`${directory}/spare`)) {
    const { ino, size } = await Deno.stat(`${directory}/spare/${name}`);
    sizes.set(ino!, size);
  }
  return sizes;
}

Deno.test({
  name: "commands that print nothing leave no output files and use one pair of them, one after the other",
  ignore: !groups,
  fn: () =>
    withProcesses(async (bench) => {
      const seen = new Set<number>();
      for (let i = 0; i < 3; i++) {
        const run = await bench.start({ command: "true" });
        const end = await run.ended;
        assert.ok(end.how === "exited" && end.quiet);
        for (const inode of (await spares(bench)).keys()) seen.add(inode);
        run.giveUp(OUTPUTS);
        assert.deepEqual(await ownFiles(bench, run.jobId), [null, null]);
        assert.equal(await bench.text(run.jobId, "stdout"), "");
      }
      assert.equal(seen.size, 2);
    }),
});

Deno.test({
  name: "what a command printed is in the output's own place once it was asked for; the empty one serves the next",
  ignore: !groups,
  fn: () =>
    withProcesses(async (bench) => {
      const first = await bench.start({ command: "echo one" });
      assert.equal((await first.ended as { quiet?: boolean }).quiet, false);
      const [printed] = [...await spares(bench)].filter(([, size]) => size === 4);
      assert.equal(await bench.processes.outputSize(first.jobId, "stdout"), 4);
      assert.equal(await bench.processes.outputSize(first.jobId, "stderr"), 0);
      assert.deepEqual(await ownFiles(bench, first.jobId), [printed![0], null]);
      const [empty] = [...(await spares(bench)).keys()];
      first.giveUp(["stderr"]);
      const second = await bench.run({ command: "echo two; echo three >&2" });
      assert.deepEqual([second.stdout, second.stderr], ["two\n", "three\n"]);
      assert.ok((await ownFiles(bench, second.jobId)).includes(empty!));
      assert.equal(await bench.text(first.jobId, "stdout"), "one\n");
      assert.equal(await bench.text(first.jobId, "stderr"), "");
    }),
});

Deno.test("whoever looks at a job from its first moment on misses nothing, though its files move meanwhile", async () => {
  const looks: Promise<unknown>[] = [];
  let look = (_jobId: number): Promise<unknown> => Promise.resolve();
  const faults = { reach: (step: string, jobId: number) => void (step === "runner told" && looks.push(look(jobId))) };
  await withProcesses(async (bench) => {
    const { processes } = bench;
    await bench.run({ command: "true" });
    for (let round = 0; round < 10; round++) {
      const errors = round % 2 === 0 ? "c\n" : "";
      const request = bench.request({ command: `echo a; sleep 0.1; echo b; printf '${errors}' >&2` });
      const open = processes.openOutput(request.jobId, "stdout");
      look = (jobId) => Promise.all([open.read(0, 100), processes.outputTail(jobId, "stderr", 100)]);
      const run = await processes.start(request);
      const end = await run.ended;
      assert.ok(end.how === "exited" && !end.quiet);
      assert.equal(new TextDecoder().decode(await open.read(0, 100)), "a\nb\n");
      assert.equal(open.size(), 4);
      assert.equal(await bench.text(request.jobId, "stderr"), errors);
      open.close();
      run.giveUp(OUTPUTS);
    }
    await Promise.all(looks);
    assert.equal(looks.length, 11);
  }, { faults });
});

Deno.test("a file that is on its way to its place is lent to nobody", async () => {
  await using directory = await tempDir();
  const spares = await Spares.open(directory.path, silent);
  const [stdout, stderr] = [`${directory.path}/1.stdout`, `${directory.path}/1.stderr`];
  const lent = spares.lend(stdout, stderr)!;
  await Deno.writeTextFile(lent.stdout, "");
  lent.opened();
  const moving = spares.settle(stdout);
  spares.giveBack(stdout);
  spares.giveBack(stderr);
  const next = spares.lend(`${directory.path}/2.stdout`, `${directory.path}/2.stderr`)!;
  assert.ok(![next.stdout, next.stderr].includes(lent.stdout));
  await moving;
  assert.equal((await Deno.stat(stdout)).size, 0);
  assert.equal(spares.where(stdout), stdout);
});

Deno.test("whoever looks before the command has begun finds nothing and does not wait", () =>
  withProcesses(async (bench) => {
    const keeper = Number((await bench.run({ command: "echo $PPID" })).stdout);
    Deno.kill(keeper, "SIGSTOP");
    const request = bench.request({ command: "echo x" });
    const starting = bench.processes.start(request);
    // The runner has the line by then, and does not read it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await bench.text(request.jobId, "stdout"), "");
    Deno.kill(keeper, "SIGCONT");
    await (await starting).ended;
    assert.equal(await bench.text(request.jobId, "stdout"), "x\n");
  }));

Deno.test({
  name: "a file that can no longer be opened makes no more than one command fail",
  ignore: !groups,
  fn: () =>
    withProcesses(async (bench) => {
      const first = await bench.start({ command: "true" });
      await first.ended;
      first.giveUp(OUTPUTS);
      // For root, who may open what nobody may.
      const names = Array.from(Deno.readDirSync(`${bench.directory}/spare`), ({ name }) => name);
      for (const name of names) {
        await Deno.remove(`${bench.directory}/spare/${name}`);
        await Deno.symlink(`${bench.directory}/spare`, `${bench.directory}/spare/${name}`);
      }
      assert.equal((await bench.run({ command: "echo x" })).end.how, "not_started");
      for (let i = 0; i < 3; i++) assert.equal((await bench.run({ command: "echo x" })).stdout, "x\n");
    }),
});

Deno.test("the size of an output is known without moving it, while it grows", () =>
  withProcesses(async (bench) => {
    const run = await bench.start({ command: "printf 12345; exec sleep 600" });
    const open = bench.processes.openOutput(run.jobId, "stdout");
    await eventually("it has printed", () => Promise.resolve(open.size() === 5));
    assert.deepEqual(await ownFiles(bench, run.jobId), [null, null]);
    open.close();
  }));

Deno.test("files are not lent again while somebody of the job is left who may write to them", () =>
  withProcesses(async (bench) => {
    const first = await bench.start({ command: "(sleep 0.4; echo late) &" });
    await first.ended;
    first.giveUp(OUTPUTS);
    const files = await ownFiles(bench, first.jobId);
    assert.ok(!files.includes(null));
    const second = await bench.run({ command: "sleep 1; echo mine" });
    assert.deepEqual([second.stdout, second.stderr], ["mine\n", ""]);
    assert.equal(await bench.text(first.jobId, "stdout"), "late\n");
    assert.deepEqual(await ownFiles(bench, first.jobId), files);
  }));

Deno.test("nor without control groups, where nobody knows who is left", () =>
  withProcesses(async (bench) => {
    const first = await bench.start({ command: "(sleep 0.4; echo late) &" });
    await first.ended;
    first.giveUp(OUTPUTS);
    const second = await bench.run({ command: "sleep 1; echo mine" });
    assert.equal(second.stdout, "mine\n");
    assert.equal(await bench.text(first.jobId, "stdout"), "late\n");
  }, { controlGroups: false }));

Deno.test("nor after anything was done to the processes of the job", () =>
  withProcesses(async (bench) => {
    const first = await bench.start({ command: "sleep 30" });
    await first.terminate(0);
    await first.ended;
    first.giveUp(OUTPUTS);
    const files = await ownFiles(bench, first.jobId);
    assert.ok(!files.includes(null));
    await bench.run({ command: "echo other" });
    assert.deepEqual(await ownFiles(bench, first.jobId), files);
  }));

Deno.test("a command that could not be run leaves its files to the next", () =>
  withProcesses(async (bench) => {
    for (let i = 0; i < 3; i++) assert.equal((await bench.run({ argv: ["no-such-program"] })).end.how, "not_started");
    assert.equal((await bench.run({ command: "echo x" })).stdout, "x\n");
    assert.ok((await spares(bench)).size <= 1);
  }));

Deno.test("a job that may run again has its own files from the start, to which each run adds", () =>
  withProcesses(async (bench) => {
    const request = bench.request({ command: "echo run", retries: 1 });
    await (await bench.processes.start(request)).ended;
    assert.ok(!(await ownFiles(bench, request.jobId)).includes(null));
    await (await bench.processes.start({ ...request, attempt: 2 })).ended;
    assert.equal(await bench.text(request.jobId, "stdout"), "run\nrun\n");
  }));

Deno.test("a job that is started twice keeps what it printed", () =>
  withProcesses(async (bench) => {
    const first = await bench.start({
      command: "echo once; until [ -e go ]; do sleep 0.05; done",
      cwd: bench.directory,
    });
    const open = bench.processes.openOutput(first.jobId, "stdout");
    const again = await bench.processes.start(first.request);
    await eventually("it has printed", () => Promise.resolve(open.size() === 5));
    open.close();
    await Deno.writeTextFile(`${bench.directory}/go`, "");
    assert.deepEqual([(await first.ended).how, (await again.ended).how], ["exited", "exited"]);
    assert.equal(await bench.text(first.jobId, "stdout"), "once\n");
    await (await bench.processes.start(first.request)).ended;
    assert.equal(await bench.text(first.jobId, "stdout"), "once\n");
  }));

/** What an earlier server left, as the record of job 1 says it; then the job is taken up. */
async function takenUp(bench: Bench, record: string, files: Record<string, string>): Promise<string> {
  await Deno.mkdir(`${bench.directory}/0`, { recursive: true });
  await Deno.writeTextFile(`${bench.directory}/0/1.run`, record);
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${bench.directory}/${name}`, text);
  await bench.processes.adopt(bench.request({ command: "true" }, 1));
  await bench.processes.tidy();
  return await bench.text(1, "stdout");
}

const BEGUN = "lent old-1 old-2\nstarted boot 1 1 1000 /sys/fs/cgroup/none\n";

Deno.test("a job that is taken up gets what it printed before", () =>
  withProcesses(async (bench) => {
    const outputs = { "spare/old-1": "printed", "spare/old-2": "" };
    assert.equal(await takenUp(bench, `${BEGUN}exited 0\n`, outputs), "printed");
    assert.equal((await spares(bench)).size, 0);
  }));

Deno.test("what was given back is not taken for the output of whom it was lent to before", () =>
  withProcesses(async (bench) => {
    const others = { "spare/old-1": "another's", "spare/old-2": "" };
    assert.equal(await takenUp(bench, `${BEGUN}exited 0 stdout stderr\n`, others), "");
    // Nobody is known whose it is: it is left for people to look at.
    assert.deepEqual([...(await spares(bench)).values()].sort(), [0, 9]);
  }));

Deno.test("an output that is there already is not written over by one that was lent", () =>
  withProcesses(async (bench) => {
    const text = await takenUp(bench, BEGUN, { "0/1.stdout": "kept", "spare/old-1": "other", "spare/old-2": "" });
    assert.equal(text, "kept");
    assert.deepEqual([...(await spares(bench)).values()], [5]);
  }));

Deno.test("nor is an output that was empty of one that printed on the other", () =>
  withProcesses(async (bench) => {
    const one = await bench.start({ command: "echo one" });
    await one.ended;
    assert.equal(await bench.processes.outputSize(one.jobId, "stdout"), 4);
    one.giveUp(["stderr"]);
    const two = await bench.start({
      command: "echo secret; echo secret >&2; until [ -e go ]; do sleep 0.05; done",
      cwd: bench.directory,
    });
    const next = await openProcesses({ directory: bench.directory });
    try {
      // As a server does whose database was put back.
      await next.adopt(one.request);
      assert.equal((await next.outputTail(one.jobId, "stderr", 100)).text, "");
      await next.adopt(two.request);
      await Deno.writeTextFile(`${bench.directory}/go`, "");
      await two.ended;
      assert.equal((await next.outputTail(two.jobId, "stdout", 100)).text, "secret\n");
      assert.equal((await next.outputTail(two.jobId, "stderr", 100)).text, "secret\n");
    } finally {
      await next.close();
    }
  }));

Deno.test("a job that a database put back does not know to be running keeps its outputs until it is taken up", () =>
  withProcesses(async (bench) => {
    const run = await bench.start({ command: "until [ -e go ]; do sleep 0.05; done; echo late", cwd: bench.directory });
    const next = await openProcesses({ directory: bench.directory });
    try {
      await next.tidy();
      const again = await next.start(run.request);
      await Deno.writeTextFile(`${bench.directory}/go`, "");
      await again.ended;
      assert.equal((await next.outputTail(run.jobId, "stdout", 100)).text, "late\n");
    } finally {
      await next.close();
    }
  }));

Deno.test("what cannot be put in its place as a job is taken up is, as soon as that can be", () =>
  withProcesses(async (bench) => {
    const run = await bench.start({
      command: "echo a; until [ -e go ]; do sleep 0.05; done; echo b",
      cwd: bench.directory,
    });
    const next = await openProcesses({ directory: bench.directory });
    const { rename } = Deno;
    try {
      Deno.rename = () => Promise.reject(new Error("No space left on device (os error 28)"));
      const taken = await next.adopt(run.request);
      assert.ok(taken !== "never_began");
      const open = next.openOutput(run.jobId, "stdout");
      await eventually("its size is known", () => Promise.resolve(open.size() === 2));
      open.close();
      await next.tidy();
      await assert.rejects(next.outputTail(run.jobId, "stdout", 100), /No space left/);
      Deno.rename = rename;
      await Deno.writeTextFile(`${bench.directory}/go`, "");
      await taken.ended;
      assert.equal((await next.outputTail(run.jobId, "stdout", 100)).text, "a\nb\n");
    } finally {
      Deno.rename = rename;
      await next.close();
    }
  }));

Deno.test("a job that is removed leaves nothing of what it was lent, now or by its end", () =>
  withProcesses(async (bench) => {
    const run = await bench.start({ command: "echo x; until [ -e go ]; do sleep 0.05; done", cwd: bench.directory });
    await bench.processes.removeOutput(run.jobId);
    await Deno.writeTextFile(`${bench.directory}/go`, "");
    await run.ended;
    assert.deepEqual(await ownFiles(bench, run.jobId), [null, null]);
    assert.equal((await spares(bench)).size, 0);
    await Deno.writeTextFile(`${bench.directory}/0/9.run`, BEGUN);
    await Deno.writeTextFile(`${bench.directory}/spare/old-1`, "printed");
    await bench.processes.removeBeyond(8);
    assert.equal((await spares(bench)).size, 0);
  }));

Deno.test({
  name: "jobs that print on one output leave one output file each, in the whole service too",
  ignore: !groups,
  fn: async () => {
    await using directory = await tempDir();
    await using engine = await openJobEngine(directory.path);
    for (let i = 0; i < 3; i++) {
      const { job } = await engine.jobs.submit({ command: "echo hi", grace: 5, priority: 0 });
      await engine.jobs.waitEnd(job.id, new AbortController().signal);
      assert.equal((await engine.jobs.results.get(job.id)).stdout.text, "hi\n");
    }
    const names = Array.from(Deno.readDirSync(`${directory.path}/jobs/0`), ({ name }) => name).sort();
    assert.deepEqual(names, ["1.run", "1.stdout", "2.run", "2.stdout", "3.run", "3.stdout"]);
  },
});

Deno.test("what earlier servers kept goes when it was not touched for a week, unless there is something in it", async () => {
  await using directory = await tempDir();
  for (const [name, text] of [["old-1", ""], ["old-2", "printed"]]) {
    await Deno.writeTextFile(`${directory.path}/${name}`, text!);
  }
  const spares = await Spares.open(directory.path, silent);
  const there = () => Array.from(Deno.readDirSync(directory.path), ({ name }) => name).sort();
  await spares.tidy(Date.now() + 6 * 86_400_000);
  assert.deepEqual(there(), ["old-1", "old-2"]);
  await spares.tidy(Date.now() + 8 * 86_400_000);
  assert.deepEqual(there(), ["old-2"]);
});

Deno.test("two servers do not lend each other's files", () =>
  withProcesses(async (bench) => {
    const other = await openProcesses({ directory: bench.directory });
    try {
      const mine = await bench.start({ command: "echo mine; sleep 0.2" });
      const request = bench.request({ command: "echo others" });
      await (await other.start(request)).ended;
      assert.equal((await other.outputTail(request.jobId, "stdout", 100)).text, "others\n");
      await mine.ended;
      assert.equal(await bench.text(mine.jobId, "stdout"), "mine\n");
    } finally {
      await other.close();
    }
  }));
