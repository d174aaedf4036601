import assert from "node:assert/strict";
import { type Bench, withProcesses } from "./support/bench.ts";
import { controlGroupsWork } from "./support/groups.ts";

/** The file of an output, by its inode; null when there is none. */
async function fileOf({ directory }: Bench, jobId: number, name: "stdout" | "stderr"): Promise<number | null> {
  const path = `${directory}/${Math.floor(jobId / 1000)}/${jobId}.${name}`;
  return await Deno.stat(path).then(({ ino }) => ino, () => null);
}

Deno.test({
  name: "an output file that stayed empty serves the next command, and the job it was of still has an empty output",
  ignore: !await controlGroupsWork(),
  fn: () =>
    withProcesses(async (bench) => {
      const first = await bench.start({ command: "echo one" });
      await first.ended;
      const stderr = await fileOf(bench, first.jobId, "stderr");
      assert.notEqual(stderr, null);
      first.giveUp(["stderr"]);
      const second = await bench.run({ command: "echo two; echo three >&2" });
      assert.deepEqual([second.stdout, second.stderr], ["two\n", "three\n"]);
      const files = [await fileOf(bench, second.jobId, "stdout"), await fileOf(bench, second.jobId, "stderr")];
      assert.ok(files.includes(stderr));
      assert.deepEqual([await bench.text(first.jobId, "stdout"), await bench.text(first.jobId, "stderr")], [
        "one\n",
        "",
      ]);
    }),
});

Deno.test("an output is not given away while somebody of the job is left who may write to it", () =>
  withProcesses(async (bench) => {
    const first = await bench.start({ command: "(sleep 0.4; echo late) &" });
    await first.ended;
    first.giveUp(["stdout", "stderr"]);
    const files = [await fileOf(bench, first.jobId, "stdout"), await fileOf(bench, first.jobId, "stderr")];
    const second = await bench.run({ command: "sleep 1; echo mine" });
    assert.deepEqual([second.stdout, second.stderr], ["mine\n", ""]);
    assert.equal(await bench.text(first.jobId, "stdout"), "late\n");
    assert.deepEqual([await fileOf(bench, first.jobId, "stdout"), await fileOf(bench, first.jobId, "stderr")], files);
  }));

Deno.test("an output is not given away while somebody reads it, and is one of nothing to whoever does so later", () =>
  withProcesses(async (bench) => {
    const first = await bench.start({ command: "true" });
    await first.ended;
    const open = bench.processes.openOutput(first.jobId, "stdout");
    assert.equal((await open.read(0, 100)).length, 0);
    first.giveUp(["stdout"]);
    const second = await bench.run({ command: "echo secret; echo secret >&2" });
    assert.deepEqual([second.stdout, second.stderr], ["secret\n", "secret\n"]);
    assert.equal((await open.read(0, 100)).length, 0);
    const { text } = await bench.processes.outputTail(first.jobId, "stdout", 100);
    assert.equal(text, "");
    open.close();
  }));

Deno.test("an output is not given away after anything was done to the processes of its job", () =>
  withProcesses(async (bench) => {
    const first = await bench.start({ command: "sleep 30" });
    await first.terminate(0);
    await first.ended;
    first.giveUp(["stdout", "stderr"]);
    const file = await fileOf(bench, first.jobId, "stdout");
    await bench.run({ command: "echo other" });
    assert.equal(await fileOf(bench, first.jobId, "stdout"), file);
  }));
