import assert from "node:assert/strict";
import { eventually } from "../helpers/eventually.ts";
import { jobOf, remove, resultOf, run, stdoutOf, submit, untilState } from "../helpers/jobs.ts";
import { openFiles } from "../helpers/open_files.ts";
import { RawConnection } from "../helpers/raw_exchange.ts";
import { startService } from "../helpers/service.ts";
import { sseEvents } from "../helpers/sse.ts";
import { Viewer } from "../helpers/viewer.ts";
import type { ProblemView } from "../helpers/views.ts";

/** A line for the shell that waits for a file. */
const until = (path: string) => `while [ ! -e '${path}' ]; do sleep 0.02; done`;

Deno.test("both outputs are watched as they are written, then the job's final view comes and the stream ends", async () => {
  await using service = await startService();
  const gate = `${service.files}/gate`;
  const { job_id } = await submit(
    service,
    `printf 'one\\r50%%\\r'; echo oops >&2; ${until(gate)}; printf 'два 🌍'; exit 3`,
  );
  await using viewer = await Viewer.open(`${service.url}/api/jobs/${job_id}/output`);
  assert.match(viewer.response.headers.get("cache-control")!, /^no-store/);
  assert.equal(viewer.response.headers.get("x-accel-buffering"), "no");
  await viewer.until("the beginning is seen", () => viewer.text("stdout") !== "" && viewer.text("stderr") !== "");
  assert.deepEqual([viewer.text("stdout"), viewer.text("stderr")], ["one\r50%\r", "oops\n"]);
  assert.equal(viewer.parser.lastId, "8-5");
  await Deno.writeTextFile(gate, "");
  assert.equal(await viewer.ended, true);
  assert.equal(viewer.text("stdout"), "one\r50%\rдва 🌍");
  assert.deepEqual(viewer.data<{ offset: number }>("stdout").map(({ offset }) => offset)[0], 0);
  const [end] = viewer.data<object>("end");
  assert.deepEqual(end, await jobOf(service, job_id));
  assert.deepEqual(viewer.events.at(-1)!.event, "end");
  const last = viewer.parser.lastId;
  assert.equal(last, "19-5-end");
  const again = await service.call("GET", `/api/jobs/${job_id}/output`, { headers: { "last-event-id": last } });
  assert.equal(again.status, 204);
});

Deno.test("a watch is resumed anywhere without gap or repeat, by header or query, also after SIGKILL", async () => {
  await using service = await startService();
  const gate = `${service.files}/gate`;
  const lines = (from: number, to: number) =>
    `i=${from}; while [ $i -le ${to} ]; do echo "строка $i 🌍"; echo "e $i" >&2; i=$((i+1)); done`;
  const { job_id } = await submit(service, `${lines(1, 3000)}; ${until(gate)}; ${lines(3001, 6000)}`);
  const path = `/api/jobs/${job_id}/output`;
  const text = (to: number) => Array.from({ length: to }, (_, i) => `строка ${i + 1} 🌍\n`).join("");
  const first = await Viewer.open(service.url + path);
  await first.until(
    "half is seen",
    () => first.text("stdout") === text(3000) && first.text("stderr").endsWith("e 3000\n"),
  );
  await service.kill9();
  assert.equal(await first.ended, false);
  await Deno.writeTextFile(gate, "");
  await service.start();
  // From every event on that the first one saw, as if the connection had broken just there.
  const places = [...new Set(["0-0", ...first.events.map(({ id }) => id)])];
  await Promise.all(places.map(async (lastId, i) => {
    const again = i % 2 === 0
      ? await Viewer.open(service.url + path, { lastId })
      : await Viewer.open(`${service.url}${path}?last_event_id=${lastId}`);
    assert.equal(await again.ended, true);
    const before = first.events.slice(0, first.events.findIndex(({ id }) => id === lastId) + 1);
    const all = (output: string) =>
      [...before, ...again.events].filter(({ event }) => event === output).map(({ data }) => JSON.parse(data).text)
        .join("");
    assert.equal(all("stdout"), text(6000), lastId);
    assert.equal(all("stderr"), Array.from({ length: 6000 }, (_, i) => `e ${i + 1}\n`).join(""), lastId);
    assert.equal(again.events.at(-1)!.event, "end");
  }));
  // The header goes before the query: a browser that comes back by itself has the query of its first request.
  const both = await Viewer.open(`${service.url}${path}?last_event_id=0-0`, { lastId: places.at(-1)! });
  await both.ended;
  assert.ok(!both.text("stdout").includes("строка 1 "));
});

Deno.test("characters that are written byte by byte arrive whole; bytes that are none as U+FFFD", async () => {
  await using service = await startService();
  const bytes = (text: string) =>
    [...new TextEncoder().encode(text)].map((byte) => `\\\\${byte.toString(8)}`).join(" ");
  const { job_id } = await submit(
    service,
    `for b in ${bytes("Ёж🦔")} \\\\377 \\\\320; do printf "$b"; sleep 0.07; done`,
  );
  await using viewer = await Viewer.open(`${service.url}/api/jobs/${job_id}/output`);
  assert.equal(await viewer.ended, true);
  assert.equal(viewer.text("stdout"), "Ёж🦔\ufffd\ufffd");
  assert.ok(viewer.data("stdout").length > 2, "it came in several pieces");
  assert.equal(viewer.parser.lastId, "10-0-end");
});

Deno.test("a watch is refused as other requests are: no such job, a bad id, a deleted result, HEAD without a body", async () => {
  await using service = await startService();
  const { result_id } = await run(service, "echo x");
  const path = `/api/jobs/${result_id}/output`;
  assert.equal((await service.call("GET", "/api/jobs/99/output")).status, 404);
  for (const id of ["x", "1", "1-", "1-2-3", "-1-0", "1-2-End"]) {
    const refused = await service.call("GET", path, { headers: { "last-event-id": id } });
    assert.deepEqual([refused.status, refused.json<ProblemView>().code], [400, "invalid_request"], id);
    assert.equal((await service.call("GET", `${path}?last_event_id=${id}`)).status, 400, id);
  }
  const head = await service.call("HEAD", path);
  assert.deepEqual([head.status, head.text, head.headers.get("content-type")], [200, "", "text/event-stream"]);
  await service.call("DELETE", `/api/results/${result_id}`);
  assert.equal((await service.call("GET", path)).status, 410);
});

Deno.test("viewers who leave free everything at once", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, "echo x; exec sleep 600");
  await eventually("it has begun", async () => await stdoutOf(service, job_id) === "x\n");
  const outputs = async () =>
    (await openFiles(service.pid)).filter((path) => path.endsWith(`/${job_id}.stdout`)).length;
  const paths = [`/api/jobs/${job_id}/output`, `/api/jobs/${job_id}/stdout?follow=true`];
  {
    using viewers = new DisposableStack();
    for (let i = 0; i < 40; i++) {
      const viewer = viewers.use(await RawConnection.open(service.url));
      await viewer.send(`GET ${paths[i % 2]} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await viewer.until((text) => text.includes('x\\n"}') || text.includes("\r\nx\n"));
    }
    assert.equal(await outputs(), 1, "one open file serves them all");
  }
  await eventually("it is closed", async () => await outputs() === 0);
  await remove(service, job_id);
});

Deno.test("a hundred viewers, some of them stalled, see every byte once, and the job is not held up", async () => {
  await using service = await startService();
  const gate = `${service.files}/gate`;
  const size = 4_000_000;
  const { job_id } = await submit(service, `${until(gate)}; yes 'Щука и ёрш: 0123456789' | head -c ${size}`);
  await untilState(service, job_id, "running");
  const leaving = new AbortController();
  const stalled = await Promise.all(
    Array.from({ length: 20 }, () => fetch(`${service.url}/api/jobs/${job_id}/output`, { signal: leaving.signal })),
  );
  const sums = Promise.all(Array.from({ length: 80 }, async (_, i) => {
    if (i % 4 === 0) {
      const raw = await service.call("GET", `/api/jobs/${job_id}/stdout?follow=true`);
      return { bytes: raw.bytes.length, text: raw.text.length };
    }
    await using viewer = await Viewer.open(`${service.url}/api/jobs/${job_id}/output`);
    assert.equal(await viewer.ended, true);
    let next = 0;
    for (const { offset, text } of viewer.data<{ offset: number; text: string }>("stdout")) {
      assert.equal(offset, next, "no gap and no repeat");
      next += new TextEncoder().encode(text).length;
    }
    return { bytes: next, text: viewer.text("stdout").length };
  }));
  await Deno.writeTextFile(gate, "");
  assert.equal((await resultOf(service, job_id)).state, "succeeded");
  const expected = new TextDecoder().decode(
    new TextEncoder().encode("Щука и ёрш: 0123456789\n".repeat(150_000)).subarray(0, size),
  );
  for (const { bytes, text } of await sums) assert.deepEqual([bytes >= size, text], [true, expected.length]);
  // Whoever stood still goes on where it stood.
  let text = 0;
  for await (const event of sseEvents(stalled[0]!.body!)) {
    if (event.event === "stdout") text += JSON.parse(event.data).text.length;
  }
  assert.equal(text, expected.length);
  leaving.abort();
});

Deno.test("an output of 10 GB is read in ranges, by its end and followed, at constant memory", async () => {
  await using service = await startService();
  const { job_id } = await submit(service, {
    command: "truncate -s 10G /proc/self/fd/1; echo; echo last line; exec sleep 600",
    max_output: 2 ** 40,
  });
  const path = `/api/jobs/${job_id}/stdout`;
  const tail = await eventually("it has written", async () => {
    const answer = await service.call("GET", `${path}?tail=1`);
    return answer.text === "last line\n" && answer;
  });
  assert.equal(tail.status, 200);
  const range = await service.call("GET", path, { headers: { range: "bytes=-12" } });
  const size = Number(range.headers.get("content-range")!.split("/")[1]);
  assert.ok(size > 10 * 2 ** 30, `${size} bytes`);
  assert.deepEqual([range.status, range.text], [206, "\0\nlast line\n"]);
  const before = await memoryOf(service.pid);
  const long = await fetch(`${service.url}${path}`, { headers: { range: `bytes=${2 ** 33}-${2 ** 33 + 3e8 - 1}` } });
  let count = 0;
  for await (const bytes of long.body!) count += bytes.length;
  assert.equal(count, 3e8);
  await using viewer = await Viewer.open(`${service.url}/api/jobs/${job_id}/output`, { lastId: `${size - 10}-0` });
  await viewer.until("the end is seen", () => viewer.text("stdout") === "last line\n");
  const grown = await memoryOf(service.pid) - before;
  assert.ok(grown < 150 * 2 ** 20, `grew by ${grown} bytes`);
  await remove(service, job_id);
});

/** Resident bytes. */
async function memoryOf(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+) kB/.exec(await Deno.readTextFile(`/proc/${pid}/status`))![1]) * 1024;
}
