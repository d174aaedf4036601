import assert from "node:assert/strict";
import { sseAnswer, type SseItem, sseStream, sseText } from "../../../routes/sse.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { sseEvents, SseParser } from "../../helpers/sse.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const never = () => new AbortController().signal;

async function* given(...items: SseItem[]): AsyncGenerator<SseItem> {
  for (const item of items) yield await Promise.resolve(item);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

Deno.test("an event is written field by field, and its data line by line", () => {
  assert.equal(sseText({ id: "7", event: "job", data: "a" }), "id: 7\nevent: job\ndata: a\n\n");
  assert.equal(sseText({ data: "a\nb\rc\r\nd\n" }), "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
  assert.equal(sseText({ data: "" }), "data: \n\n");
  assert.equal(sseText({ data: " leading" }), "data:  leading\n\n");
  assert.equal(sseText({ id: "8" }), "id: 8\n\n");
  assert.equal(sseText({ retry: 1500.4 }), "retry: 1500\n\n");
  assert.equal(sseText({ comment: "one\ntwo" }), ": one\n: two\n\n");
});

Deno.test("a line end or NUL in an id, and a line end in a type, are refused: they would make another event", () => {
  for (const id of ["a\nb", "a\rb", "a\0b"]) assert.throws(() => sseText({ id, data: "x" }), TypeError);
  assert.throws(() => sseText({ event: "a\ndata: forged", data: "x" }), TypeError);
});

Deno.test("what is written is what a client of the standard reads, wherever the bytes are cut", () => {
  const events = [
    { id: "1", event: "stdout", data: "Привет 🌍\r\n\u2028end" },
    { data: JSON.stringify("50%\r51%\r") },
    { id: "2", event: "x", data: "" },
  ];
  const bytes = encoder.encode(events.map(sseText).join(""));
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const parser = new SseParser();
    const seen = [];
    for (let at = 0; at < bytes.length; at += size) seen.push(...parser.push(bytes.subarray(at, at + size)));
    assert.deepEqual(seen, [
      { event: "stdout", data: "Привет 🌍\n\u2028end", id: "1" },
      { event: "message", data: '"50%\\r51%\\r"', id: "1" },
      { event: "x", data: "", id: "2" },
    ]);
  }
});

Deno.test("an answer says when to come back, is not kept and not held up by proxies", async () => {
  const answer = sseAnswer(() => given({ data: "x" }, encoder.encode("data: y\n\n"), [encoder.encode("data: z\n")]), {
    clock: new FakeClock(),
    stopping: never(),
    retry: 3000,
  });
  assert.equal(answer.headers.get("content-type"), "text/event-stream");
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(answer.headers.get("x-accel-buffering"), "no");
  assert.equal(await answer.text(), "retry: 3000\n\ndata: x\n\ndata: y\n\ndata: z\n");
});

Deno.test("a source is asked for an item only when the one before was taken", async () => {
  let made = 0;
  async function* source(): AsyncGenerator<SseItem> {
    for (;;) yield await Promise.resolve({ data: String(++made) });
  }
  const reader = sseStream(source, { clock: new FakeClock(), stopping: never() }).getReader();
  assert.equal(made, 0);
  for (let taken = 0; taken < 5; taken++) {
    await reader.read();
    assert.equal(made, taken);
  }
  await reader.cancel();
});

Deno.test("a client that leaves ends its source at once, whether that waits or has given", async () => {
  let open = 0;
  async function* source(signal: AbortSignal): AsyncGenerator<SseItem> {
    open++;
    try {
      yield { data: "first" };
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    } finally {
      open--;
    }
  }
  const clock = new FakeClock();
  for (const reads of [2, 3]) {
    const reader = sseStream(source, { clock, stopping: never() }).getReader();
    await reader.read();
    if (reads > 1) await reader.read();
    const waiting = reads > 2 ? reader.read() : undefined;
    assert.equal(open, reads > 1 ? 1 : 0);
    await reader.cancel();
    await waiting;
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.equal(open, 0);
    assert.equal(clock.pending, 0);
  }
});

Deno.test("silence is broken by comments, which do not lose what the source gives", async () => {
  const clock = new FakeClock();
  const gate = Promise.withResolvers<SseItem>();
  async function* source(): AsyncGenerator<SseItem> {
    yield await gate.promise;
  }
  const reader = sseStream(source, { clock, stopping: never(), heartbeat: 10 }).getReader();
  const read = async () => decoder.decode((await reader.read()).value);
  assert.equal(await read(), "retry: 2000\n\n");
  for (let beats = 0; beats < 3; beats++) {
    const next = read();
    await new Promise((resolve) => setTimeout(resolve, 0));
    await clock.advance(20_000);
    assert.equal(await next, ":\n\n");
  }
  const next = read();
  gate.resolve({ data: "late" });
  assert.equal(await next, "data: late\n\n");
  assert.equal((await reader.read()).done, true);
  assert.equal(clock.pending, 0);
});

Deno.test("a server that stops tells its clients to come back, and leaves their place as it was", async () => {
  const clock = new FakeClock();
  const stopping = new AbortController();
  async function* source(signal: AbortSignal): AsyncGenerator<SseItem> {
    yield { id: "5", data: "x" };
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  }
  const parser = new SseParser();
  const seen = all(sseEvents(sseStream(source, { clock, stopping: stopping.signal }), parser));
  await new Promise((resolve) => setTimeout(resolve, 0));
  stopping.abort();
  assert.deepEqual(await seen, [
    { event: "message", data: "x", id: "5" },
    { event: "reconnect", data: '{"reason":"shutting_down"}', id: "5" },
  ]);
  assert.deepEqual([parser.lastId, parser.retry, clock.pending], ["5", 2000, 0]);
});

Deno.test("a source that fails breaks the stream off", async () => {
  // deno-lint-ignore require-yield -- it fails before it gives anything
  async function* source(): AsyncGenerator<SseItem> {
    throw await Promise.resolve(new Error("out of order"));
  }
  await assert.rejects(
    all(sseEvents(sseStream(source, { clock: new FakeClock(), stopping: never() }))),
    /out of order/,
  );
});
