import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { jobOf, resultOf, run, submit } from "../helpers/jobs.ts";
import { startService } from "../helpers/service.ts";

interface Resources {
  cpu_seconds: number | null;
  memory_bytes: number | null;
  memory_peak_bytes: number | null;
  input_bytes: number;
  output_bytes: number;
  disk_read_bytes: number | null;
  disk_written_bytes: number | null;
}

const resourcesOf = (view: unknown) => (view as { resources: Resources }).resources;
const MIB = 1024 * 1024;

/** Holds so many MiB in a shell's variable until the gate is there. */
const hold = (mib: number, gate: string) =>
  `x=$(head -c ${mib * MIB} /dev/zero | tr '\\0' a); while [ ! -e ${gate} ]; do sleep 0.05; done`;

Deno.test("a job shows what it takes while it runs, and afterwards what it took", async () => {
  await using service = await startService();
  const gate = `${service.files}/gate`;
  // 40 MiB in the shell itself, and 30 in a child that wipes its environment.
  const child = `env -i /bin/sh -c '${hold(30, gate).replaceAll("'", `'\\''`)}' & `;
  const { job_id } = await submit(service, {
    command: `cat; ${child}${hold(40, gate)}; wait`,
    stdin: "привет\n",
  });
  const live = await eventually("both were seen", async () => {
    const resources = resourcesOf(await jobOf(service, job_id));
    return (resources.memory_bytes ?? 0) > 70 * MIB && resources;
  }, 60_000);
  assert.ok(live.memory_peak_bytes! >= live.memory_bytes!);
  assert.deepEqual([live.input_bytes, live.output_bytes], [13, 13]);
  assert.ok(live.cpu_seconds !== null);
  await Deno.writeTextFile(gate, "");
  const took = resourcesOf(await resultOf(service, job_id));
  assert.ok(took.memory_peak_bytes! >= live.memory_peak_bytes!);
  assert.equal(took.memory_bytes, null, "it has none any more");
  assert.ok(took.cpu_seconds! > 0);
  assert.deepEqual([took.input_bytes, took.output_bytes], [13, 13]);
  assert.deepEqual(resourcesOf(await jobOf(service, job_id)), took);
});

Deno.test("a job that is over at once has its processor time and its bytes all the same", async () => {
  await using service = await startService();
  const took = resourcesOf(await run(service, { argv: ["/bin/echo", "x"] }));
  assert.equal(took.output_bytes, 2);
  assert.ok(took.cpu_seconds !== null);
});

Deno.test("what was seen of a job outlives the server that saw it only as far as the next one sees it", async () => {
  await using service = await startService();
  const gate = `${service.files}/gate`;
  const { job_id } = await submit(service, hold(25, gate));
  const seen = async () => {
    const bytes = resourcesOf(await jobOf(service, job_id)).memory_peak_bytes ?? 0;
    return bytes > 25 * MIB && bytes;
  };
  await eventually("it was seen", seen, 60_000);
  await service.kill9();
  await service.start();
  await eventually("the next server sees it too", seen, 60_000);
  await Deno.writeTextFile(gate, "");
  assert.ok(resourcesOf(await resultOf(service, job_id)).memory_peak_bytes! > 25 * MIB);
});
