import assert from "node:assert/strict";
import { openProcesses } from "../../../lib/process/processes.ts";
import { canMount } from "../../helpers/can_mount.ts";
import { shell } from "../../helpers/shell.ts";
import { eventually } from "./support/eventually.ts";
import { exited } from "./support/bench.ts";

let jobId = 0;
const request = (command: string) => ({
  jobId: ++jobId,
  cookie: crypto.randomUUID(),
  spec: { command, grace: 1, priority: 0 },
});

Deno.test("on a full disk a job that runs ends with its code, a new one says why it cannot start, and later ones run", {
  ignore: !canMount(),
}, async () => {
  const directory = await Deno.makeTempDir();
  await shell(`mount -t tmpfs -o size=128k,mode=700 tmpfs '${directory}'`);
  try {
    const processes = await openProcesses({ directory: `${directory}/jobs` });
    const gate = await Deno.makeTempFile();
    const running = await processes.start(request(`while [ -e ${gate} ]; do sleep 0.02; done; echo lost; exit 7`));
    const flood = await processes.start(request("exec cat /dev/zero"));
    assert.notEqual(exited(await flood.ended).code, 0);
    await shell(`cat /dev/zero >'${directory}/rest'`);
    await Deno.remove(gate);
    assert.equal(exited(await running.ended).code, 7, "its keeper tells what it cannot write");
    const refused = await (await processes.start(request("echo never"))).ended;
    assert.equal(refused.how, "not_started", JSON.stringify(refused));
    assert.match(refused.how === "not_started" ? refused.reason : "", /cannot|could not/i);
    await Deno.remove(`${directory}/rest`);
    await processes.removeOutput(flood.jobId);
    await eventually("there is room again", async () => {
      return exited(await (await processes.start(request("exit 3"))).ended).code === 3;
    });
    await processes.close();
  } finally {
    await shell(`umount '${directory}'`);
    await Deno.remove(directory);
  }
});
