import assert from "node:assert/strict";
import { exited, withProcesses } from "./support/bench.ts";
import { eventually } from "./support/eventually.ts";
import { controlGroupsWork } from "./support/groups.ts";
import { carriers, parentOf, stateOf } from "./support/proc.ts";
import { commandLineOf } from "../../helpers/left_behind.ts";

const grouped = await controlGroupsWork();
/** The ways in which a job's processes are held together here. */
const WAYS = [{ controlGroups: true, how: "by its control group" }, { controlGroups: false, how: "without one" }]
  .filter(({ controlGroups }) => grouped || !controlGroups);

/** Each says `ready` when its tree stands; `MARK` is in the command line of every process that has to go. */
const TREES: Record<string, string> = {
  "children that ignore SIGTERM": `trap "" TERM; sh -c 'trap "" TERM; echo ready; while :; do sleep MARK; done' & wait`,
  "double-forked daemons": `sh -c '(setsid sh -c "sleep MARK & echo ready; wait" &) &'; sleep MARK`,
  "children in sessions of their own": `setsid sh -c 'setsid sleep MARK & echo ready; sleep MARK' & sleep MARK`,
  "a child that cleared its environment": `env -i /bin/sh -c 'sleep MARK & echo ready; sleep MARK' & sleep MARK`,
  "an orphan that cleared its environment, in the command's session": `(env -i sleep MARK &) ; echo ready; sleep MARK`,
  "a process with a misleading name": `cp /bin/sleep "$TMPDIR/a) R 1 1 1 (b
c" && { "$TMPDIR/a) R 1 1 1 (b
c" MARK & echo ready; sleep MARK; }`,
  "a tree that grows": "echo ready; while :; do sleep MARK & sleep 0.01; done",
  "a command that is stopped": "echo ready; kill -s STOP $$; sleep MARK",
  "processes that follow each other faster than one can look": "follow() { follow & }; echo ready; follow; sleep MARK",
  "a fork bomb": `echo 'for i in 1 2; do [ $1 -gt 3 ] || sh "$0" $(($1 + 1)) MARK & done; sleep MARK' >"$TMPDIR/bomb"
echo ready; while :; do sh "$TMPDIR/bomb" 1 MARK & sleep 0.05; done`,
};

/** Only a control group finds these. */
const HIDDEN: Record<string, string> = {
  "an orphan that cleared its environment and left the session": `setsid sh -c 'env -i sleep MARK & echo ready'
sleep MARK`,
  "processes that follow each other, each in a session of its own and without environment":
    `echo 'env -i setsid sh "$0" MARK & exit' >"$TMPDIR/chain"; echo ready; sh "$TMPDIR/chain" MARK; sleep MARK`,
};

let marks = 0;
/** A number of seconds that nothing else sleeps for. */
function nextMark(): string {
  return `1000${Deno.pid}.${++marks}`;
}

/** The command lines of the processes that carry the mark. */
async function withMark(mark: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    const line = /^\d+$/.test(name) ? await commandLineOf(Number(name)) : "";
    if (line.includes(mark)) found.push(line);
  }
  return found;
}

for (const { controlGroups, how } of WAYS) {
  for (const [what, tree] of Object.entries({ ...TREES, ...(controlGroups ? HIDDEN : {}) })) {
    Deno.test(`terminate leaves nothing of ${what} (${how})`, async () => {
      const directory = await Deno.makeTempDir();
      const mark = nextMark();
      await withProcesses(async ({ start, text }) => {
        const handle = await start({ command: tree.replaceAll("MARK", mark), env: { TMPDIR: directory } });
        await eventually("it stands", async () => (await text(handle.jobId, "stdout")).includes("ready"));
        await eventually("its processes are seen", async () => (await withMark(mark)).length > 0);
        assert.deepEqual(await handle.terminate(100), []);
        assert.deepEqual(await carriers(handle.request.cookie), []);
        assert.deepEqual(await withMark(mark), []);
        assert.equal((await handle.ended).how, "exited");
      }, { controlGroups });
      await Deno.remove(directory, { recursive: true });
    });
  }

  Deno.test(`a tree with everything in it can be paused, stands still, and ends when it is terminated (${how})`, async () => {
    const mark = nextMark();
    await withProcesses(async ({ start, text, processes }) => {
      const command = `(setsid sh -c 'while :; do echo x; sleep 0.01; done' ${mark} &)
env -i /bin/sh -c 'while :; do echo y; sleep 0.01; done' ${mark} & trap "" TERM; while :; do echo z; sleep 0.01; done`;
      const handle = await start({ command });
      await eventually("all write", async () => /x[^]*x/.test(await text(handle.jobId, "stdout")));
      await handle.pause();
      const size = await processes.outputSize(handle.jobId, "stdout");
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(await processes.outputSize(handle.jobId, "stdout"), size);
      assert.deepEqual(await handle.terminate(50), []);
      assert.deepEqual(await withMark(mark), []);
      assert.equal(exited(await handle.ended).signal, "SIGKILL");
    }, { controlGroups });
  });

  Deno.test(`what an earlier job left behind is no part of the next one, nor of that job's late end (${how})`, async () => {
    const mark = nextMark();
    await withProcesses(async ({ start, run }) => {
      const first = await start({ command: `setsid sleep ${mark} >/dev/null 2>&1 & exit 0` });
      assert.equal(exited(await first.ended).code, 0);
      const second = await start({ command: "sleep 600 & sleep 600" });
      assert.deepEqual(await second.terminate(0), []);
      assert.notDeepEqual(await withMark(mark), [], "the first job's process lives");
      await run({ command: "true" });
      const third = await start({ command: "sleep 600" });
      assert.deepEqual(await first.terminate(0), []);
      assert.deepEqual(await withMark(mark), []);
      assert.match(await stateOf(third.pid), /[RSD]/);
    }, { controlGroups });
  });
}

Deno.test("a job that has ended and left nothing has no part in the control group that the next one is in", () =>
  withProcesses(async ({ start, run, directory, processes }) => {
    const first = await start({ command: "exit 0" });
    await first.ended;
    const second = await start({ command: "sleep 600" });
    await first.terminate(0);
    const adopted = await processes.adopt(first.request);
    assert.ok(adopted !== "never_began");
    await adopted.terminate(0);
    assert.match(await stateOf(second.pid), /[RSD]/);
    // A job to which something was done does not share its keeper, and with it the group, with the next one.
    await second.pause();
    await second.terminate(0);
    await second.ended;
    await run({ command: "true" });
    const third = await start({ command: "sleep 600" });
    await second.terminate(0);
    assert.match(await stateOf(third.pid), /[RSD]/);
    const record = await Deno.readTextFile(`${directory}/0/${second.jobId}.run`);
    assert.equal(record.includes("/stint-"), grouped, "the group stands in the record");
  }));

Deno.test("a keeper whose job had something done to it keeps no other job in the same control group", () =>
  withProcesses(async ({ start, directory }) => {
    const placeOf = async ({ jobId, pid }: { jobId: number; pid: number }) => {
      const record = await Deno.readTextFile(`${directory}/0/${jobId}.run`);
      return [await parentOf(pid), /\S+\/stint-\S+$/m.exec(record)?.[0]].join();
    };
    const seen = new Set<number>();
    await eventually("a keeper that was left alone keeps another job", async () => {
      const run = await start({ command: "sleep 0.1" });
      const keeper = await parentOf(run.pid);
      await run.ended;
      const again = seen.has(keeper);
      seen.add(keeper);
      return again;
    });
    const second = await start({ command: "sleep 600" });
    const touched = await placeOf(second);
    await second.terminate(0);
    await second.ended;
    const third = await start({ command: "sleep 600" });
    assert.notEqual(await placeOf(third), touched);
  }));

Deno.test("control groups are removed with their runners", { ignore: !grouped }, async () => {
  let group = "";
  await withProcesses(async ({ run, directory }) => {
    const { jobId } = await run({ command: "true" });
    group = /\S+\/stint-\S+$/m.exec(await Deno.readTextFile(`${directory}/0/${jobId}.run`))![0];
    await Deno.stat(group);
  });
  await eventually("it is gone", () => Deno.stat(group).then(() => false, () => true));
});

const FREEZER = "/sys/fs/cgroup/freezer";
const canFreeze = await Deno.stat(`${FREEZER}/tasks`).then(() => true, () => false) ||
  await Deno.stat(`${FREEZER}/cgroup.procs`).then(() => true, () => false);

Deno.test("what outlives SIGKILL is named", { ignore: !canFreeze }, async () => {
  // A process in the freezer of the first version of control groups cannot die before it is let out.
  const freezer = `${FREEZER}/stint-test-${Deno.pid}`;
  await Deno.mkdir(freezer);
  try {
    await withProcesses(async ({ start, text }) => {
      const handle = await start({ command: "setsid sleep 600 & echo $!; wait" });
      const frozen = Number(await eventually("its child", () => text(handle.jobId, "stdout")));
      await Deno.writeTextFile(`${freezer}/cgroup.procs`, String(frozen));
      await Deno.writeTextFile(`${freezer}/freezer.state`, "FROZEN");
      assert.deepEqual(await handle.terminate(0), [frozen]);
      await Deno.writeTextFile(`${freezer}/freezer.state`, "THAWED");
      await eventually("it is gone", async () => /^Z?$/.test(await stateOf(frozen)));
    });
  } finally {
    await Deno.writeTextFile(`${freezer}/freezer.state`, "THAWED");
    await Deno.remove(freezer);
  }
});
