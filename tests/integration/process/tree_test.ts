import assert from "node:assert/strict";
import { parseSignal, type Signal } from "../../../lib/domain/signal.ts";
import { exited, withProcesses } from "./support/bench.ts";
import { eventually } from "./support/eventually.ts";
import { carriers, parentOf, stateOf } from "./support/proc.ts";

Deno.test("pause stops the whole tree and its output, resume lets it go on where it was", () =>
  withProcesses(async ({ start, processes }) => {
    const command = "(setsid sh -c 'while :; do echo child; done' &); while :; do echo x; done";
    const handle = await start({ command });
    const size = () => processes.outputSize(handle.jobId, "stdout");
    await eventually("output", size);
    await eventually("the child", async () => (await carriers(handle.request.cookie)).length >= 2);
    await handle.pause();
    const members = await carriers(handle.request.cookie);
    // One that waits for a processor does not move any more either, and reads as stopped only when it has had one.
    for (const pid of members) await eventually("it is stopped", async () => await stateOf(pid) === "T");
    const paused = await size();
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(await size(), paused);
    await handle.resume();
    await eventually("more output", async () => await size() > paused);
    for (const pid of members) assert.notEqual(await stateOf(pid), "T");
  }));

Deno.test("a signal reaches the command, SIGINT too, and its children", () =>
  withProcesses(async ({ start, text }) => {
    const command =
      "trap 'echo parent; exit 7' INT; sh -c 'trap \"echo child; exit\" INT; echo ready; sleep 60 & wait' & " +
      "wait; wait";
    const handle = await start({ command });
    await eventually("both are ready", async () => (await text(handle.jobId, "stdout")).includes("ready"));
    await handle.signal(signal("SIGINT"), "all");
    const end = await handle.ended;
    assert.deepEqual(end.how === "exited" && end.code, 7);
    assert.match(await text(handle.jobId, "stdout"), /parent/);
  }));

Deno.test("a signal to the command alone leaves its children be, and real-time signals go by number", () =>
  withProcesses(async ({ start, text }) => {
    const child = "sh -c 'trap \"echo child\" 10 34; echo ready; while :; do sleep 0.05; done'";
    const command = `trap 'echo parent' 10; trap 'echo real; exit 9' 34; ${child} & while :; do sleep 0.05; done`;
    const handle = await start({ command });
    const says = (word: string) =>
      eventually(word, async () => (await text(handle.jobId, "stdout")).split("\n").includes(word));
    await says("ready");
    await handle.signal(signal("USR1"), "job");
    await says("parent");
    await handle.signal(signal(34), "job");
    assert.equal(exited(await handle.ended).code, 9);
    assert.doesNotMatch(await text(handle.jobId, "stdout"), /child/);
  }));

Deno.test("terminate lets a command that handles SIGTERM finish, and returns as soon as it has", () =>
  withProcesses(async ({ start, text }) => {
    const handle = await start({ command: "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done" });
    await eventually("it is ready", async () => (await text(handle.jobId, "stdout")).includes("ready"));
    const begun = performance.now();
    assert.deepEqual(await handle.terminate(600_000), []);
    assert.ok(performance.now() - begun < 300_000, "it did not wait for the grace to pass");
    const end = await handle.ended;
    assert.equal(end.how === "exited" && end.code, 3);
    assert.equal(await text(handle.jobId, "stdout"), "ready\nbye\n");
  }));

const TREES: Record<string, string> = {
  "children that ignore SIGTERM": `trap "" TERM; sh -c 'trap "" TERM; while :; do sleep 1; done' & wait`,
  "double-forked daemons": "sh -c '(setsid sh -c \"sleep 300\" >/dev/null 2>&1 &) &'; sleep 300",
  "children in sessions of their own": "setsid sh -c 'setsid sleep 300 & sleep 300' & sleep 300",
  "a child without the cookie": "env -i /bin/sh -c 'sleep 301 & sleep 300' & sleep 300",
  "an orphan without the cookie in the command's session": "(env -i /bin/sleep 300 &) ; sleep 300",
  "a process with a misleading name": `cp /bin/sleep "$TMPDIR/a) R 1 1 1 (b
c" && "$TMPDIR/a) R 1 1 1 (b
c" 300 & sleep 300`,
  "a tree that grows": "while :; do sleep 300 & sleep 0.01; done",
  "a command that is stopped": "kill -s STOP $$; sleep 300",
};

for (const [what, command] of Object.entries(TREES)) {
  Deno.test(`terminate leaves nothing of ${what}`, async () => {
    const directory = await Deno.makeTempDir();
    await withProcesses(async ({ start }) => {
      const handle = await start({ command, env: { TMPDIR: directory } });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const session = await sessionOf(handle.pid);
      assert.ok(session.length > 0);
      assert.deepEqual(await handle.terminate(100), []);
      assert.deepEqual(await carriers(handle.request.cookie), []);
      for (const pid of session) assert.match(await stateOf(pid), /^Z?$/);
      assert.equal((await handle.ended).how, "exited");
    });
    await Deno.remove(directory, { recursive: true });
  });
}

Deno.test("terminate ends a paused tree, and children that hold the output open after the command ended", () =>
  withProcesses(async ({ start }) => {
    const paused = await start({ command: "sleep 300 & sleep 300" });
    await paused.pause();
    assert.deepEqual(await paused.terminate(60_000), []);
    assert.deepEqual(await carriers(paused.request.cookie), []);

    const left = await start({ command: "sleep 300 & exit 4" });
    const end = await left.ended;
    assert.equal(end.how === "exited" && end.code, 4);
    // It may be between its shell and itself, when it has no environment to be seen.
    await eventually("the child", async () => (await carriers(left.request.cookie)).length === 1);
    assert.deepEqual(await left.terminate(60_000), []);
    assert.deepEqual(await carriers(left.request.cookie), []);
  }));

Deno.test("terminate right after the start leaves nothing", () =>
  withProcesses(async ({ start }) => {
    for (let n = 0; n < 10; n++) {
      const handle = await start({ command: "sleep 300 & sleep 300" });
      assert.deepEqual(await handle.terminate(0), []);
      assert.deepEqual(await carriers(handle.request.cookie), []);
    }
  }));

Deno.test("one job's end touches no other job and not the runner", () =>
  withProcesses(async ({ start }) => {
    const [one, other] = [await start({ command: "sleep 300" }), await start({ command: "sleep 300" })];
    const runner = await parentOf(one.pid);
    await one.terminate(0);
    await one.ended;
    assert.match(await stateOf(runner), /[RS]/);
    assert.match(await stateOf(other.pid), /[RS]/);
  }));

Deno.test("a process that has taken over the pid of a command is left alone", () =>
  withProcesses(async ({ start, processes, directory }) => {
    const stranger = await start({ command: "sleep 300" });
    const record = await Deno.readTextFile(`${directory}/0/${stranger.jobId}.run`);
    const faked = record.replace(/^(started \S+ \d+) \d+/m, "$1 12345");
    await Deno.writeTextFile(`${directory}/0/77.run`, faked);
    const request = { jobId: 77, cookie: crypto.randomUUID(), spec: { command: "x", grace: 1, priority: 0 } };
    const handle = await processes.adopt(request);
    assert.ok(handle !== "never_began" && handle.pid === stranger.pid);
    await handle.pause();
    await handle.terminate(0);
    assert.match(await stateOf(stranger.pid), /[RS]/);
    assert.deepEqual(await handle.ended, { how: "vanished" });
  }));

function signal(text: string | number): Signal {
  const found = parseSignal(text);
  assert.ok(found, `${text} is a signal`);
  return found;
}

/** The processes of a session. */
async function sessionOf(session: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", `grep -lsE '\\) [A-Za-z] [0-9]+ [0-9]+ ${session} ' /proc/[0-9]*/stat`],
  }).output();
  return [...new TextDecoder().decode(stdout).matchAll(/\/proc\/(\d+)/g)].map((match) => Number(match[1]));
}
