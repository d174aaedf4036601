import assert from "node:assert/strict";
import { LIMITS_SCRIPT } from "../../../lib/process/confinement/script.ts";
import { parseRecord } from "../../../lib/process/record.ts";
import { endOf } from "../../../lib/services/jobs/ending.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

/** What a command sees of its limits: address space in KiB, files, and the files of a control group. */
async function limitsSeen(group: string, ...limits: string[]): Promise<string[]> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: [
      "-c",
      LIMITS_SCRIPT,
      "limits",
      group,
      ...limits,
      "/bin/sh",
      "-c",
      "ulimit -v; ulimit -n; ulimit -t; ulimit -H -t",
    ],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n");
}

Deno.test("a control group that counts memory and processes is told the limits, and no process has one of its own then", async () => {
  await using directory = await tempDir();
  // Stands for a group with these controllers, which few systems hand out: what is written to it is what counts here.
  const files = ["memory.max", "memory.swap.max", "pids.max"];
  for (const file of files) await Deno.writeTextFile(`${directory.path}/${file}`, "max\n");
  const [memory, open] = await limitsSeen(directory.path, "50000000", "", "40", "7");
  assert.deepEqual([memory, open], ["unlimited", "40"]);
  const told = await Promise.all(files.map((file) => Deno.readTextFile(`${directory.path}/${file}`)));
  assert.deepEqual(told, ["50000000\n", "0\n", "7\n"]);
});

Deno.test("without such a group each process is held to its own limits, and what was not asked for is left alone", async () => {
  await using directory = await tempDir();
  for (const group of ["", directory.path]) {
    assert.deepEqual(await limitsSeen(group, "104857600", "9", "41", ""), ["102400", "41", "9", "14"]);
  }
  const [memory, , cpu] = await limitsSeen("", "", "", "", "");
  assert.deepEqual([memory, cpu], ["unlimited", "unlimited"]);
});

Deno.test("a record that says which limit was broken becomes a failed job that says so", () => {
  const record = parseRecord("started b 1 2 3 /g/stint-1\nbroke memory\nexited 137\n");
  assert.equal(record.broke, "memory");
  const facts = { stdoutBytes: 0, stderrBytes: 0, survivors: [], now: 9 };
  const end = { how: "exited", signal: "SIGKILL", ended: 9, cpu: null, broke: "memory" } as const;
  assert.match(endOf({ ...end, code: 137 }, undefined, facts).error!, /more memory than its limit allows/);
  assert.equal(endOf({ ...end, code: 0 }, undefined, facts).error, null, "it went well all the same");
});
