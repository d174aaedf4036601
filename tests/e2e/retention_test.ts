import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { run, submit, untilState } from "../helpers/jobs.ts";
import { type Service, startService } from "../helpers/service.ts";

/** Ids of the jobs in the history, newest first. */
async function history(service: Service): Promise<number[]> {
  const answer = await service.call("GET", "/api/jobs?limit=1000");
  return answer.json<{ jobs: { job_id: number }[] }>().jobs.map(({ job_id }) => job_id);
}

/** Ids of the jobs of which there are files. */
async function withFiles(service: Service): Promise<number[]> {
  const ids = new Set<number>();
  for await (const shard of Deno.readDir(`${service.data}/jobs`)) {
    // Not those that are no job's: what is lent to one after the other, what they are started by.
    if (!/^\d+$/.test(shard.name)) continue;
    for await (const file of Deno.readDir(`${service.data}/jobs/${shard.name}`)) ids.add(Number.parseInt(file.name));
  }
  return [...ids].sort((a, b) => b - a);
}

/** A figure of the metrics; 0 when it is not there. */
async function figure(service: Service, name: string): Promise<number> {
  const { text } = await service.call("GET", "/-/metrics");
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

Deno.test("--keep-jobs keeps the jobs that ended last, with all their files and nobody else's", async () => {
  await using service = await startService({ args: ["--keep-jobs", "3"] });
  for (let i = 1; i <= 8; i++) await run(service, { command: "cat; echo x", stdin: `text ${i}\n` });
  assert.deepEqual(
    await eventually("three are left", async () => {
      const ids = await history(service);
      return ids.length === 3 && ids;
    }),
    [8, 7, 6],
  );
  assert.deepEqual(
    await eventually("the files are gone", async () => {
      const ids = await withFiles(service);
      return ids.length === 3 && ids;
    }),
    [8, 7, 6],
  );
  assert.equal((await service.call("GET", "/api/results/5")).status, 404);
  assert.equal((await service.call("GET", "/api/results/6")).json<{ stdout: string }>().stdout, "text 6\nx\n");
  const removed = (what: string) => figure(service, `stint_retention_removed_${what}_total{reason="jobs"}`);
  await eventually("they are counted", async () => await removed("jobs") === 5);
  assert.equal(await removed("bytes"), 5 * (7 + 9));
  assert.equal(await figure(service, "stint_history_bytes"), 3 * (7 + 9));
});

Deno.test("--keep-bytes removes the oldest jobs with output until the rest fits, and no job that runs", async () => {
  await using service = await startService({ args: ["--keep-bytes", "25000"] });
  const gate = `${service.files}/gate`;
  const { job_id } = await submit(service, `head -c 60000 /dev/zero; while [ ! -e ${gate} ]; do sleep 0.05; done`);
  await untilState(service, job_id, "running");
  await run(service, "true");
  for (let i = 0; i < 4; i++) await run(service, "head -c 10000 /dev/zero");
  assert.deepEqual(
    await eventually("it fits", async () => {
      const ids = await history(service);
      return ids.length === 4 && ids;
    }),
    [6, 5, 2, 1],
  );
  await Deno.writeTextFile(gate, "");
  await eventually("the large one went too, after the older ones", async () => (await history(service)).length === 1);
  assert.deepEqual(await history(service), [2]);
});

Deno.test("--keep-days removes what ended before that, also what ended before the server started", async () => {
  await using service = await startService();
  for (let i = 0; i < 3; i++) await run(service, "true");
  assert.deepEqual(await history(service), [3, 2, 1]);
  await service.restart(["--keep-days", "none", "--keep-jobs", "none", "--keep-bytes", "0"]);
  assert.equal((await run(service, "true")).state, "succeeded");
  assert.deepEqual(await history(service), [4, 3, 2, 1]);
  // About a second: all of them are older than that soon.
  await service.restart(["--keep-days", "0.00001"]);
  await eventually("they are gone", async () => (await history(service)).length === 0);
  const removed = 'stint_retention_removed_jobs_total{reason="days"}';
  await eventually("they are counted", async () => await figure(service, removed) === 4);
});

Deno.test("killed with SIGKILL in the midst of removing, it leaves no file without a job and goes on where it was", async () => {
  await using service = await startService({ args: ["--slots", "8"] });
  await Promise.all(Array.from({ length: 160 }, () => submit(service, { command: "echo x", stdin: "y" })));
  await eventually(
    "all have ended",
    async () => await figure(service, 'stint_jobs{state="succeeded"}') === 160,
    120_000,
  );
  for (let round = 0; (await history(service)).length > 4; round++) {
    assert.ok(round < 100, "nothing is being removed");
    await service.kill9();
    await service.start(["--keep-jobs", "4"]);
    const before = (await history(service)).length;
    if (before > 4) {
      await eventually("some have gone", async () => (await history(service)).length < before);
    }
  }
  await service.restart(["--keep-jobs", "4"]);
  const kept = await history(service);
  assert.equal(kept.length, 4);
  await eventually("no other files are left", async () => {
    const ids = await withFiles(service);
    assert.deepEqual(ids, kept);
    return true;
  });
  assert.deepEqual(await service.errors(), []);
});
