import assert from "node:assert/strict";
import { type Service, startService } from "../helpers/service.ts";
import type { ProblemView } from "../helpers/views.ts";

interface Event {
  id?: string;
  event?: string;
  data?: { key: string; version: number; value?: string; expires?: string | null };
}

/** Reads events until `enough` says so, then leaves. */
async function follow(
  service: Service,
  query: string,
  enough: (events: Event[]) => boolean,
  headers: Record<string, string> = {},
): Promise<Event[]> {
  const leave = new AbortController();
  const response = await fetch(`${service.url}/api/keys/events${query}`, { headers, signal: leave.signal });
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type")!, /^text\/event-stream/);
  const events: Event[] = [];
  let text = "";
  try {
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        events.push(parse(text.slice(0, end)));
        text = text.slice(end + 2);
        if (enough(events)) return events;
      }
    }
  } finally {
    leave.abort();
  }
  return events;
}

function parse(block: string): Event {
  const event: Event = {};
  for (const line of block.split("\n")) {
    if (line.startsWith("id: ")) event.id = line.slice(4);
    if (line.startsWith("event: ")) event.event = line.slice(7);
    if (line.startsWith("data: ")) event.data = JSON.parse(line.slice(6));
  }
  return event;
}

const changes = (events: Event[]) => events.filter(({ data }) => data !== undefined);

async function put(service: Service, key: string, value: string): Promise<number> {
  const { status, headers, text } = await service.call("PUT", `/${key}`, { body: value });
  assert.ok(status < 300, text);
  return Number(headers.get("etag")!.slice(1, -1));
}

Deno.test("the changes of keys come as events, from a version on, and of a prefix only", async () => {
  await using service = await startService();
  const first = await put(service, "a1", "один");
  await put(service, "b1", "other");
  await put(service, "a1", "два\nстроки");
  await service.call("DELETE", "/a1");
  const events = changes(
    await follow(service, `?prefix=a&after=${first - 1}`, (all) => changes(all).length === 3),
  );
  assert.deepEqual(events.map(({ event, data }) => [event, data!.key, data!.value]), [
    ["put", "a1", "один"],
    ["put", "a1", "два\nстроки"],
    ["delete", "a1", undefined],
  ]);
  assert.deepEqual(events.map(({ id }) => Number(id)), events.map(({ data }) => data!.version));
  assert.equal(events[0]!.data!.expires, null);
});

Deno.test("a stream that begins now starts with an id to come back to", async () => {
  await using service = await startService();
  const last = await put(service, "a", "1");
  const [begin] = (await follow(service, "", (all) => all.some(({ id }) => id !== undefined)))
    .filter(({ id }) => id !== undefined);
  assert.deepEqual(begin, { id: String(last) });
  const next = await put(service, "a", "2");
  const seen = await follow(service, "", (all) => changes(all).length === 1, { "last-event-id": begin!.id! });
  assert.equal(changes(seen)[0]!.data!.version, next);
});

Deno.test("a follower that comes back again and again, over a kill too, sees every change once and in order", async () => {
  await using service = await startService();
  const written: number[] = [];
  const write = async (count: number) => {
    await Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        for (let i = 0; i < count; i++) written.push(await put(service, `k${writer}`, String(i)));
      }),
    );
  };
  let place = "0";
  const seen: number[] = [];
  const read = async (count: number) => {
    const headers: Record<string, string> = { "last-event-id": place };
    for (const { data } of changes(await follow(service, "", (all) => changes(all).length >= count, headers))) {
      seen.push(data!.version);
    }
    place = String(seen.at(-1));
  };
  for (let round = 0; round < 5; round++) await Promise.all([write(10), read(20)]);
  await service.kill9();
  await service.start();
  await Promise.all([write(10), read(20)]);
  while (seen.length < written.length) await read(1);
  assert.deepEqual(seen, written.toSorted((a, b) => a - b));
});

Deno.test("changes that are no longer kept are 410 with the oldest version that is, exactly as many as --keep-changes", async () => {
  await using service = await startService({ args: ["--keep-changes", "10"] });
  let last = 0;
  for (let i = 0; i < 25; i++) last = await put(service, "a", String(i));
  const refused = await service.call("GET", `/api/keys/events?after=${last - 11}`);
  assert.equal(refused.status, 410, refused.text);
  const problem = refused.json<ProblemView & { oldest: number }>();
  assert.deepEqual([problem.code, problem.oldest], ["changes_gone", last - 10]);
  const kept = await follow(service, `?after=${last - 10}`, (all) => changes(all).length === 10);
  assert.deepEqual(changes(kept).map(({ data }) => data!.value), Array.from({ length: 10 }, (_, i) => String(15 + i)));
  await service.restart();
  assert.equal((await service.call("GET", `/api/keys/events?after=${last - 11}`)).status, 410);
  assert.equal(changes(await follow(service, `?after=${last - 10}`, (all) => changes(all).length === 10)).length, 10);
});

Deno.test("a version that is yet to come, and a place that is none, are refused", async () => {
  await using service = await startService();
  const last = await put(service, "a", "1");
  assert.equal((await service.call("GET", `/api/keys/events?after=${last + 1}`)).status, 400);
  assert.equal((await service.call("GET", "/api/keys/events?after=-1")).status, 400);
  assert.equal((await service.call("GET", "/api/keys/events?prefix=%2F")).status, 400);
  const headers = { "last-event-id": "x" };
  assert.equal((await service.call("GET", "/api/keys/events", { headers })).status, 400);
});

Deno.test("a key whose time is over leaves the stream as deleted", async () => {
  await using service = await startService();
  const { headers } = await service.call("PUT", "/short?ttl=0.3", { body: "x" });
  const version = Number(headers.get("etag")!.slice(1, -1));
  const events = changes(await follow(service, `?after=${version - 1}`, (all) => changes(all).length === 2));
  assert.deepEqual(events.map(({ event }) => event), ["put", "delete"]);
  assert.match(events[0]!.data!.expires!, /Z$/);
});
