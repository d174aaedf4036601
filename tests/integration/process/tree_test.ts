import assert from "node:assert/strict";
import { parseSignal, type Signal } from "../../../lib/domain/signal.ts";
import { exited, withProcesses } from "./support/bench.ts";
import { untilStopped } from "../../helpers/left_behind.ts";
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
    await untilStopped(...members);
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

Deno.test("one job's end touches no other job and no runner: how it ended is written down", () =>
  withProcesses(async ({ start, directory }) => {
    const [one, other] = [await start({ command: "sleep 300" }), await start({ command: "sleep 300" })];
    const runner = await parentOf(other.pid);
    await one.terminate(0);
    assert.equal(exited(await one.ended).signal, "SIGTERM");
    assert.match(await Deno.readTextFile(`${directory}/0/${one.jobId}.run`), /\nexited 143 stdout stderr\n$/);
    assert.match(await stateOf(runner), /[RS]/);
    assert.match(await stateOf(other.pid), /[RS]/);
  }));

Deno.test("a process that has taken over the pid of a command is left alone", () =>
  withProcesses(async ({ start, processes, directory }) => {
    const stranger = await start({ command: "sleep 300" });
    const record = await Deno.readTextFile(`${directory}/0/${stranger.jobId}.run`);
    // As of another command that had this process id, and whose control group is no more.
    const faked = record.replace(/^(started \S+ \d+) \d+ (\d+).*/m, "$1 12345 $2 /sys/fs/cgroup/stint-1-1-1");
    assert.notEqual(faked, record);
    await Deno.writeTextFile(`${directory}/0/77.run`, faked);
    const request = { jobId: 77, cookie: crypto.randomUUID(), spec: { command: "x", grace: 1, priority: 0 } };
    const handle = await processes.adopt(request);
    assert.ok(handle !== "never_began" && handle.pid === stranger.pid);
    await handle.pause();
    await handle.terminate(0);
    // Running, asleep or waiting for the disk: neither stopped nor gone.
    assert.match(await stateOf(stranger.pid), /[RSD]/);
    assert.deepEqual(await handle.ended, { how: "vanished" });
  }));

function signal(text: string | number): Signal {
  const found = parseSignal(text);
  assert.ok(found, `${text} is a signal`);
  return found;
}
