import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { OpenOutput } from "../../../lib/services/ports/processes.ts";
import { withProcesses } from "./support/bench.ts";
import { eventually } from "./support/eventually.ts";

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

function closing(output: OpenOutput): OpenOutput & Disposable {
  return Object.assign(output, { [Symbol.dispose]: () => output.close() });
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("an output of 50 MB is read in ranges, in chunks of at most 64 KiB", () =>
  withProcesses(async ({ run, processes }) => {
    const { jobId } = await run({ command: "seq 10000000 15555556 | head -c 50000000" });
    const size = await processes.outputSize(jobId, "stdout");
    assert.equal(size, 50_000_000);
    const whole = createHash("sha256");
    const parts = createHash("sha256");
    for await (const chunk of await processes.readOutput(jobId, "stdout", { start: 0 })) {
      assert.ok(chunk.length <= 65_536);
      whole.update(chunk);
    }
    const step = 7_654_321;
    for (let start = 0; start < size; start += step) {
      const range = { start, end: Math.min(size, start + step) };
      for await (const chunk of await processes.readOutput(jobId, "stdout", range)) parts.update(chunk);
    }
    assert.equal(parts.digest("hex"), whole.digest("hex"));
    assert.equal(decode(await collect(await processes.readOutput(jobId, "stdout", { start: 9, end: 17 }))), "10000001");
  }));

Deno.test("an output held open grows under its readers, who read it side by side, and outlives its removal", () =>
  withProcesses(async ({ start, processes, directory }) => {
    using output = closing(processes.openOutput(1, "stdout"));
    assert.equal(output.size(), 0);
    assert.equal((await output.read(0, 10)).length, 0);
    const handle = await start({
      command: `printf 'one two '; while [ ! -e '${directory}/go' ]; do sleep 0.02; done; echo three`,
    });
    await eventually("it has written", () => output.size() === 8);
    const parts = await Promise.all([output.read(4, 3), output.read(0, 3), output.read(6, 100)]);
    assert.deepEqual(parts.map(decode), ["two", "one", "o "]);
    await Deno.writeTextFile(`${directory}/go`, "");
    await handle.ended;
    assert.equal(output.size(), 14);
    await processes.removeOutput(handle.jobId);
    assert.equal(output.size(), 14);
    assert.equal(decode(await output.read(8, 100)), "three\n");
  }));

Deno.test("the end of an output is text: no half character, other bytes as U+FFFD", () =>
  withProcesses(async ({ run, processes }) => {
    const { jobId } = await run({ command: "printf 'Привет 🌍'; printf 'a\\377b' >&2" });
    const tail = (limit: number) => processes.outputTail(jobId, "stdout", limit);
    assert.deepEqual(await tail(100), { text: "Привет 🌍", truncated: false });
    assert.deepEqual(await tail(17), { text: "Привет 🌍", truncated: false });
    assert.deepEqual(await tail(16), { text: "ривет 🌍", truncated: true });
    assert.deepEqual(await tail(4), { text: "🌍", truncated: true });
    assert.deepEqual(await tail(3), { text: "", truncated: true });
    assert.deepEqual(await tail(0), { text: "", truncated: true });
    assert.deepEqual(await processes.outputTail(jobId, "stderr", 100), { text: "a\ufffdb", truncated: false });
  }));

Deno.test("the last lines of an output begin where tail would begin them", () =>
  withProcesses(async ({ run, processes, text }) => {
    const { jobId } = await run({ command: "seq 1 50000; printf 'a\\nb' >&2" });
    const last = async (lines: number) => {
      const start = await processes.tailOffset(jobId, "stdout", lines);
      return decode(await collect(await processes.readOutput(jobId, "stdout", { start })));
    };
    assert.equal(await last(0), "");
    assert.equal(await last(1), "50000\n");
    assert.equal(await last(3), "49998\n49999\n50000\n");
    assert.equal(await last(40_000), (await text(jobId, "stdout")).slice(-240_000));
    assert.equal(await processes.tailOffset(jobId, "stdout", 50_000), 0);
    assert.equal(await processes.tailOffset(jobId, "stdout", 1_000_000), 0);
    assert.equal(await processes.tailOffset(jobId, "stderr", 1), 2);
    assert.equal(await processes.tailOffset(jobId, "stderr", 2), 0);
    await assert.rejects(processes.tailOffset(jobId, "stdout", 50_000, AbortSignal.abort()), { name: "AbortError" });
  }));

Deno.test("a job that has no output reads as an empty one", () =>
  withProcesses(async ({ processes }) => {
    assert.equal(await processes.outputSize(5, "stdout"), 0);
    assert.deepEqual(await processes.outputTail(5, "stdout", 10), { text: "", truncated: false });
    assert.equal(await processes.tailOffset(5, "stdout", 10), 0);
    assert.equal((await collect(await processes.readOutput(5, "stdout", { start: 0 }))).length, 0);
  }));

Deno.test("a removed output is gone with everything that belongs to it, and removing it again is no error", () =>
  withProcesses(async ({ run, processes, request, directory }) => {
    const { jobId } = await run({ command: "echo x", stdin: "y" });
    const requeued = request({ command: "echo x" });
    await processes.adopt(requeued);
    await (await processes.start(requeued)).ended;
    const stays = await run({ command: "echo stays" });
    await processes.removeOutput(jobId);
    await processes.removeOutput(requeued.jobId);
    await processes.removeOutput(jobId);
    const left = [...Deno.readDirSync(`${directory}/0`)].map(({ name }) => name).sort();
    assert.deepEqual(left, ["run", "stderr", "stdout"].map((ending) => `${stays.jobId}.${ending}`));
    assert.equal(await processes.outputSize(jobId, "stdout"), 0);
  }));

Deno.test("a reader that does not read is not read for", () =>
  withProcesses(async ({ run, processes }) => {
    const { jobId } = await run({ command: "head -c 10000000 /dev/zero" });
    const reader = (await processes.readOutput(jobId, "stdout", { start: 0 })).getReader();
    assert.equal((await reader.read()).value!.length, 65_536);
    assert.equal((await reader.read()).value!.length, 65_536);
    await reader.cancel();
  }));
