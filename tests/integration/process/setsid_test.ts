import assert from "node:assert/strict";
import { Confinement } from "../../../lib/process/confinement/confinement.ts";
import { isThere } from "../../../lib/process/output/files.ts";
import { installSetsid } from "../../../lib/process/setsid/install.ts";
import { setsidProgram } from "../../../lib/process/setsid/program.ts";
import { canMount } from "../../helpers/can_mount.ts";
import { isInstalled, shell } from "../../helpers/shell.ts";
import { exited, withProcesses } from "./support/bench.ts";

const own = setsidProgram(Deno.build.arch);

/** Says whether the shell that runs it leads a session and a process group. */
const STANDING =
  'read -r pid _ _ _ group session _ </proc/self/stat; [ "$pid:$pid" = "$group:$session" ] && echo leads';

/** As a program of its own, run by those words. */
async function withProgram(architecture: string, body: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, setsidProgram(architecture)!);
    await Deno.chmod(path, 0o500);
    await body(path);
  } finally {
    await Deno.remove(path);
  }
}

for (const architecture of ["x86_64", "aarch64"]) {
  const emulator = architecture === Deno.build.arch ? "" : `qemu-${architecture}`;
  Deno.test({
    name: `setsid for ${architecture} leads a session, hands on words and environment, and ends with 126 where it must`,
    ignore: emulator !== "" && !isInstalled(emulator),
    fn: () =>
      withProgram(architecture, async (path) => {
        // The one variable is the first and the last.
        const run = (words: string) => shell(`exec env -i GREETING='good day' ${emulator} ${path} -- ${words}`);
        assert.deepEqual(await run(`/bin/sh -c '${STANDING}'`), { code: 0, stdout: "leads\n", stderr: "" });
        const all = await run(`/bin/sh -c 'printf "%s|" "$#" "$0" "$@" "$GREETING"; exit 7' zero one '' 'two words'`);
        assert.deepEqual(all, { code: 7, stdout: "3|zero|one||two words|good day|", stderr: "" });
        assert.equal((await run("/usr/bin/env")).stdout, "GREETING=good day\n");
        assert.deepEqual(await run("/no/such/program"), { code: 126, stdout: "", stderr: "" });
      }),
  });
}

Deno.test("there is no setsid of ours for a machine that nobody has written one for", () => {
  assert.equal(setsidProgram("riscv64"), undefined);
});

Deno.test({
  name: "commands are started by our own setsid, programs that have to be found by the system's",
  ignore: !own,
  fn: () =>
    withProcesses(async ({ directory, run }) => {
      // Somebody who tells of it in its place: nothing is left to be seen of the real one afterwards.
      await Deno.remove(`${directory}/setsid`);
      await Deno.writeTextFile(`${directory}/setsid`, `#!/bin/sh\necho asked\nexec setsid "$@"\n`, { mode: 0o700 });
      assert.equal((await run({ command: STANDING })).stdout, "asked\nleads\n");
      assert.equal((await run({ argv: ["/bin/sh", "-c", STANDING] })).stdout, "asked\nleads\n");
      assert.equal((await run({ argv: ["sh", "-c", STANDING] })).stdout, "leads\n");
    }),
});

Deno.test("a script that names no interpreter is run as it always was", () =>
  withProcesses(async ({ directory, run }) => {
    await Deno.writeTextFile(`${directory}/script`, STANDING, { mode: 0o700 });
    assert.equal((await run({ argv: [`${directory}/script`] })).stdout, "leads\n");
  }));

Deno.test("jobs are started by the system's setsid when somebody has removed ours", () =>
  withProcesses(async ({ directory, run }) => {
    assert.equal((await run({ command: STANDING })).stdout, "leads\n");
    if (own) await Deno.remove(`${directory}/setsid`);
    assert.equal((await run({ command: STANDING })).stdout, "leads\n");
  }));

Deno.test({
  name: "jobs are started by the system's setsid when ours is empty, or no file at all",
  ignore: !own,
  fn: () =>
    withProcesses(async ({ directory, run }) => {
      await Deno.truncate(`${directory}/setsid`);
      assert.equal((await run({ command: STANDING })).stdout, "leads\n");
      await Deno.remove(`${directory}/setsid`);
      await Deno.mkdir(`${directory}/setsid`);
      assert.equal((await run({ command: STANDING })).stdout, "leads\n");
    }),
});

Deno.test({
  name: "our setsid is private, and one that an earlier server's job is just running is not written to",
  ignore: !own,
  fn: async () => {
    const directory = await Deno.makeTempDir();
    const said: unknown[] = [];
    const log = { warn: (...words: unknown[]) => void said.push(words) };
    const path = await installSetsid(directory, log);
    const { ino, mode } = await Deno.stat(path!);
    using running = await Deno.open(path!);
    assert.equal(await installSetsid(directory, log), path);
    assert.equal(mode! & 0o777, 0o500);
    assert.notEqual((await Deno.stat(path!)).ino, ino);
    assert.equal((await running.stat()).nlink, 0);
    assert.deepEqual([[...Deno.readDirSync(directory)].map(({ name }) => name), said], [["setsid"], []]);
    await Deno.remove(directory, { recursive: true });
  },
});

Deno.test("jobs of another user are started by the system's setsid", async () => {
  const user = { name: "nobody", uid: 65534, gid: 65534, home: "/" };
  await withProcesses(async ({ directory }) => {
    assert.ok(!(await isThere(`${directory}/setsid`)));
  }, { confinement: new Confinement({ user }) });
});

Deno.test({
  name: "what an earlier server left in the place of our setsid is replaced",
  ignore: !own,
  fn: async () => {
    const data = await Deno.makeTempDir();
    await Deno.writeTextFile(`${data}/setsid`, "of another machine", { mode: 0o400 });
    await Deno.writeTextFile(`${data}/setsid.new`, "half wri", { mode: 0o400 });
    await withProcesses(async ({ run }) => {
      assert.equal((await run({ command: STANDING })).stdout, "leads\n");
    }, { directory: data });
    assert.deepEqual(await Deno.readFile(`${data}/setsid`), own);
    await Deno.remove(data, { recursive: true });
  },
});

Deno.test({
  name: "where nothing in the data directory can be run, the log says so and jobs run all the same",
  ignore: !own || !canMount(),
  fn: async () => {
    const data = await Deno.makeTempDir();
    await shell(`mount -t tmpfs -o noexec,mode=700 tmpfs '${data}'`);
    try {
      const said: unknown[] = [];
      await withProcesses(async ({ run }) => {
        const { end, stdout } = await run({ command: STANDING });
        assert.deepEqual([exited(end).code, stdout], [0, "leads\n"]);
      }, { directory: `${data}/jobs`, log: { warn: (message, facts) => void said.push(message, facts) } });
      assert.equal(said.length, 2);
      assert.match(JSON.stringify(said), /setsid cannot be run.*Permission denied/);
    } finally {
      await shell(`umount '${data}'`);
      await Deno.remove(data);
    }
  },
});
