import assert from "node:assert/strict";
import { type Form, PIECE } from "../../../lib/services/jobs/watching/job_watch.ts";
import { type Part, partsOf, type View } from "../../../lib/services/jobs/watching/watching.ts";
import { eventually } from "../../helpers/eventually.ts";
import { type JobEngine, openJobEngine } from "../../helpers/job_engine.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

const RAW: Form = { name: "raw", text: false, make: (_output, _start, bytes) => bytes };
const TEXT: Form = { name: "text", text: true, make: (_output, _start, bytes) => bytes };
const spec = (command: string) => ({ command, grace: 5, priority: 0 });
const never = () => new AbortController().signal;

/** All that a viewer sees, by output. */
async function see(engine: JobEngine, id: number, view: Partial<View> = {}, each = (_part: Part) => {}) {
  const watch = engine.jobs.watching.enter(id);
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const seen = { stdout: "", stderr: "" };
  try {
    const from = { stdout: 0, stderr: 0 };
    for await (const part of partsOf(watch, { from, form: RAW, signal: never(), ...view })) {
      seen[part.output] += decoders[part.output].decode(part.bytes, { stream: true });
      each(part);
    }
    return { ...seen, ended: watch.ended?.state };
  } finally {
    watch.leave();
  }
}

Deno.test("viewers of a growing output each see every byte once, from where they began", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { job } = await engine.jobs.submit(
    spec("for i in $(seq 1 200); do echo line $i; echo err $i >&2; sleep 0.005; done"),
  );
  const whole = [1, 2, 3].map(() => see(engine, job.id));
  const late = see(engine, job.id, { from: { stdout: 700 } });
  const lines = (word: string) => Array.from({ length: 200 }, (_, n) => `${word} ${n + 1}\n`).join("");
  const all = { stdout: lines("line"), stderr: lines("err"), ended: "succeeded" };
  assert.deepEqual(await Promise.all(whole), [all, all, all]);
  assert.deepEqual(await late, { stdout: all.stdout.slice(700), stderr: "", ended: "succeeded" });
  assert.deepEqual(engine.jobs.watching.figures, { jobs: 0, viewers: 0 });
});

Deno.test("a viewer may come before the job has begun, and leave while it waits", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path, { slots: 1 });
  const gate = `${directory.path}/gate`;
  const first = await engine.jobs.submit(spec(`while [ ! -e '${gate}' ]; do sleep 0.02; done`));
  const { job } = await engine.jobs.submit(spec("echo here"));
  const leaving = new AbortController();
  const left = see(engine, job.id, { signal: leaving.signal });
  const seen = see(engine, job.id);
  await eventually("both wait", () => engine.jobs.watching.figures.viewers === 2);
  leaving.abort();
  assert.deepEqual(await left, { stdout: "", stderr: "", ended: undefined });
  assert.deepEqual(engine.jobs.watching.figures, { jobs: 1, viewers: 1 });
  await Deno.writeTextFile(gate, "");
  assert.deepEqual(await seen, { stdout: "here\n", stderr: "", ended: "succeeded" });
  await engine.jobs.waitEnd(first.job.id, never());
});

Deno.test("no character is cut in two, however the output grows, but for one that is never completed", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  // One byte of "ж🌍" at a time, then half of a character at the end; and a flood of them.
  const slow = await engine.jobs.submit(spec(
    String.raw`for b in 320 266 360 237 214 215 320 266; do printf "\\$b"; sleep 0.06; done; printf '\360\237'`,
  ));
  const flood = await engine.jobs.submit(spec("yes 'жж🌍ж' | tr -d '\\n' | head -c 1000002"));
  const check = (part: Part) => {
    const text = new TextDecoder("utf-8", { fatal: true });
    assert.ok(part.bytes.length <= PIECE + 4);
    if (part.at.stdout < 10) text.decode(part.bytes);
  };
  const seen = await see(engine, slow.job.id, { form: TEXT }, check);
  assert.equal(seen.stdout.slice(0, 4), "ж🌍ж");
  const checkAll = (part: Part) => void new TextDecoder("utf-8", { fatal: true }).decode(part.bytes);
  const { stdout } = await see(engine, flood.job.id, { form: TEXT, from: { stdout: 2 } }, checkAll);
  assert.equal(stdout, "жж🌍ж".repeat(100_001).slice(1, 1 + stdout.length));
  assert.ok(stdout.length > 400_000);
});

Deno.test("viewers at odd places meet at the same pieces, which are made once", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { job } = await engine.jobs.submit(spec(`head -c ${PIECE * 20} /dev/zero`));
  await engine.jobs.waitEnd(job.id, never());
  let made = 0;
  const form: Form = { ...RAW, name: "counted", make: (_output, _start, bytes) => (made++, bytes) };
  const sizes = await Promise.all([0, 1, 5000, PIECE + 7].map(async (stdout) => {
    return (await see(engine, job.id, { form, from: { stdout } })).stdout.length;
  }));
  assert.deepEqual(sizes, [0, 1, 5000, PIECE + 7].map((start) => PIECE * 20 - start));
  assert.equal(made, 20 + 3);
});

Deno.test("a viewer who stands still holds one piece, and nobody up", async () => {
  await using directory = await tempDir();
  await using engine = await openJobEngine(directory.path);
  const { job } = await engine.jobs.submit(spec("head -c 20000000 /dev/zero | tr '\\0' x"));
  const watch = engine.jobs.watching.enter(job.id);
  const stalled = partsOf(watch, { from: { stdout: 0 }, form: RAW, signal: never() });
  const first = (await stalled.next()).value as Part;
  assert.equal((await see(engine, job.id)).stdout.length, 20_000_000);
  assert.ok(first.bytes.length > 0 && first.bytes.every((byte) => byte === 0x78), "what it has stays as it was");
  let count = first.bytes.length;
  for await (const { bytes } of stalled) count += bytes.length;
  assert.equal(count, 20_000_000);
  watch.leave();
});
