import assert from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import type { JobSpec } from "../../../lib/domain/job.ts";
import { openProcesses } from "../../../lib/process/processes.ts";
import { Jobs } from "../../../lib/services/jobs/jobs.ts";
import { Slots } from "../../../lib/services/slots.ts";
import { Workers } from "../../../lib/services/workers/workers.ts";
import { openStore } from "../../../lib/store/open.ts";
import { eventually } from "../../helpers/eventually.ts";
import { rejectsWith } from "../../helpers/problem.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

/** Workers and jobs tied together as the server ties them. */
async function openBoth(directory: string) {
  const store = await openStore({ directory });
  const processes = await openProcesses({ directory: `${directory}/jobs` });
  const slots = new Slots(2);
  const clock = systemClock();
  const errors: unknown[] = [];
  const onError = (message: string, error: unknown) => errors.push(`${message}: ${error}`);
  const workers = new Workers({ store, slots, clock, ttlMs: 300_000, onError });
  const jobs = new Jobs({ store, processes, slots, clock, inlineOutput: 1 << 20, companion: workers.jobs, onError });
  workers.jobs.connect({
    control: (id, wish) => jobs.control(id, wish),
    outputBytes: async (id) => await processes.outputSize(id, "stdout") + await processes.outputSize(id, "stderr"),
  });
  await workers.open();
  await jobs.open();
  const begin = async (command: string, more: Partial<JobSpec> = {}) => {
    const { workerId } = await workers.reserve();
    const spec = { command, grace: 1, priority: 0, ...more };
    const job = await workers.jobs.use(workerId, (claim) => jobs.submitInWorker(spec, claim));
    return { workerId, jobId: job.id };
  };
  const becomes = (workerId: string, state: string) =>
    eventually(`worker is ${state}`, async () => {
      const status = await workers.status(workerId);
      return status.status === state && status;
    });
  const close = async () => {
    workers.close();
    jobs.close();
    await processes.close();
    await store.close();
  };
  return { workers, jobs, slots, errors, begin, becomes, [Symbol.asyncDispose]: close };
}

Deno.test("a job in a worker completes with it, whatever its exit code, and gives the slot back", async () => {
  await using directory = await tempDir();
  await using both = await openBoth(directory.path);
  const { workerId, jobId } = await both.begin("echo hello; exit 3");
  const status = await both.becomes(workerId, "completed");
  assert.deepEqual([status.kind, status.jobId, status.bytes, status.error], ["job", jobId, 6, null]);
  await eventually("the slot is free", () => both.slots.used === 0);
  assert.deepEqual(both.errors, []);
});

Deno.test("pausing, resuming and terminating a worker does it to its job, and the other way round", async () => {
  await using directory = await tempDir();
  await using both = await openBoth(directory.path);
  const { workerId, jobId } = await both.begin("sleep 600");
  assert.equal((await both.workers.modify(workerId, "paused")).status, "paused");
  assert.equal((await both.jobs.get(jobId)).state, "paused");
  assert.equal(both.slots.used, 1);
  await rejectsWith("invalid_transition", both.workers.modify(workerId, "paused"));
  await both.jobs.control(jobId, "running");
  assert.equal((await both.workers.status(workerId)).status, "running");
  assert.match((await both.workers.modify(workerId, "terminated")).status, /^terminat(ing|ed)$/);
  await both.becomes(workerId, "terminated");
  assert.equal((await both.jobs.get(jobId)).state, "terminated");
  await rejectsWith("invalid_transition", both.workers.modify(workerId, "running"));
  await eventually("the slot is free", () => both.slots.used === 0);
});

Deno.test("a worker whose processes are still dying reads terminating and takes no further change", async () => {
  await using directory = await tempDir();
  await using both = await openBoth(directory.path);
  const { workerId } = await both.begin("trap '' TERM; while :; do sleep 0.1; done", { grace: 2 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal((await both.workers.modify(workerId, "terminated")).status, "terminating");
  await rejectsWith("invalid_transition", both.workers.modify(workerId, "paused"));
  assert.equal(both.slots.used, 1);
  await both.becomes(workerId, "terminated");
});

Deno.test("a job that times out, or could not start, makes its worker fail with the reason", async () => {
  await using directory = await tempDir();
  await using both = await openBoth(directory.path);
  const slow = await both.begin("sleep 600", { timeout: 0.2 });
  assert.match((await both.becomes(slow.workerId, "failed")).error ?? "", /timeout/);
  const wrong = await both.begin("true", { cwd: "/nowhere/at/all" });
  assert.ok((await both.becomes(wrong.workerId, "failed")).error);
});

Deno.test("a reservation serves one job only, and a refused job leaves it usable", async () => {
  await using directory = await tempDir();
  await using both = await openBoth(directory.path);
  const { workerId } = await both.workers.reserve();
  await assert.rejects(both.workers.jobs.use(workerId, () => Promise.reject(new Error("no good"))), /no good/);
  assert.equal((await both.workers.status(workerId)).status, "reserved");
  const spec = { command: "true", grace: 1, priority: 0 };
  const results = await Promise.allSettled(
    [1, 2].map(() => both.workers.jobs.use(workerId, (claim) => both.jobs.submitInWorker(spec, claim))),
  );
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected"]);
  await both.becomes(workerId, "completed");
});

Deno.test("a job in a worker goes on over a restart, and the worker with it", async () => {
  await using directory = await tempDir();
  let ids: { workerId: string; jobId: number };
  {
    await using first = await openBoth(directory.path);
    ids = await first.begin("while [ ! -e go ]; do sleep 0.05; done; echo done", { cwd: directory.path });
  }
  await using second = await openBoth(directory.path);
  assert.equal((await second.workers.status(ids.workerId)).status, "running");
  assert.equal(second.slots.used, 1);
  await second.workers.modify(ids.workerId, "paused");
  await second.workers.modify(ids.workerId, "running");
  await Deno.writeTextFile(`${directory.path}/go`, "");
  assert.equal((await second.becomes(ids.workerId, "completed")).bytes, 5);
  await eventually("the slot is free", () => second.slots.used === 0);
});
