import assert from "node:assert/strict";
import { eventually } from "../../helpers/eventually.ts";
import { dyingAt } from "../../helpers/faults.ts";
import { resultOf } from "../../helpers/jobs.ts";
import { isAlive } from "../../helpers/left_behind.ts";
import { startService } from "../../helpers/service.ts";
import { Stage } from "./support/stage.ts";

Deno.test("an exception that nobody catches ends the server and none of its jobs", async () => {
  await using service = await startService();
  const first = new Stage(service, 1);
  await first.submit({ timeout: 600 });
  const { pid } = await first.begun();
  // A job that was adopted, and two that the dying server has begun, one of them that very moment.
  await service.restart([], dyingAt("throw:run begun", 3));
  const [second, third] = [new Stage(service, 2), new Stage(service, 3)];
  await second.submit();
  const { pid: other } = await second.begun();
  await third.submit();
  assert.equal(await service.exit(), 1);
  assert.match(service.logs(), /A fault that nobody catches/);
  for (const each of [pid, other]) assert.ok(await isAlive(each));
  await service.start();
  for (const stage of [first, second, third]) await stage.endsByItself();
});

Deno.test("a server that dies while it kills a tree leaves no process of it stopped or alive for long", async () => {
  await using service = await startService();
  await service.restart([], dyingAt("throw:signals due", 1));
  const stage = new Stage(service, 1);
  await stage.submit({
    command: `trap "" TERM; echo begun $$ $PPID >>${service.files}/1; while :; do sleep 0.1; done`,
    grace: 2,
  });
  await stage.begun();
  await stage.control("terminated");
  assert.equal(await service.exit(), 1);
  await service.start();
  const { state, survivors } = await resultOf(service, 1);
  assert.deepEqual([state, survivors], ["terminated", []]);
  await eventually("nothing is left", async () => (await service.jobProcesses()).length === 0);
});
