import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { isNoRoom, Room } from "../../../lib/process/room.ts";
import { eventually } from "../../helpers/eventually.ts";

const NONE = "Failed to spawn '/bin/sh': Too many open files (os error 24)";
/** Milliseconds for which nobody may get anything, by a clock that stands still but for `wait`. */
const PATIENCE = 600;

/** A room, closed when the test is over. */
function room() {
  const said: string[] = [];
  let now = 1_000_000;
  const it = new Room({ warn: (message) => said.push(message) }, PATIENCE, () => now);
  return {
    said,
    room: it,
    wait: (ms: number) => now += ms,
    /** Wants it now; the answer waits for what comes of that: what was had, or why not. */
    want(work: () => string | Promise<string>): () => Promise<string | Error> {
      let found: string | Error | undefined;
      it.have(work).then((had) => found = had, (error) => found = error);
      return () => eventually("it is had or refused", () => found);
    },
    [Symbol.dispose]: () => it.close(),
  };
}

/** Something of which there are so many; `take` is what is done in a room, `put` gives one back. */
function scarce(count: number) {
  const order: string[] = [];
  let tries = 0;
  return {
    order,
    take: (name: string) => () => {
      tries++;
      if (count === 0) throw new Error(NONE);
      count--;
      order.push(name);
      return name;
    },
    put: () => count++,
    /** Resolves when it was tried twice more: once at least since whatever was done before. */
    async tried() {
      const before = tries;
      await eventually("it is tried again", () => tries >= before + 2);
    },
  };
}

Deno.test("what there is room for is had at once, and what fails otherwise is thrown at once", async () => {
  using its = room();
  assert.equal(await its.room.have(() => "had"), "had");
  const missing = its.want(() => Promise.reject(new Error("no such file (os error 2)")));
  await setImmediate();
  assert.deepEqual([its.said, its.room.crowded], [[], false]);
  assert.match(String(await missing()), /no such file/);
});

Deno.test("no room is what Linux says of processes, memory and file handles, and nothing else", () => {
  const said = (code: number) => isNoRoom(new Error(`Failed to spawn: (os error ${code})`));
  assert.deepEqual([1, 2, 11, 12, 13, 22, 23, 24, 28, 112].filter(said), [11, 12, 23, 24]);
  assert.equal(isNoRoom("(os error 24)"), false);
});

Deno.test("what there is no room for is had in the order in which it was wanted, as room is given back", async () => {
  using its = room();
  const handles = scarce(1);
  const all = ["a", "b", "c"].map((name) => its.want(handles.take(name)));
  await setImmediate();
  assert.deepEqual([handles.order, its.room.crowded], [["a"], true]);
  // One that comes later does not overtake, though there is one for it now.
  handles.put();
  const late = its.want(handles.take("late"));
  its.room.freed();
  // At once, rather than with the next look.
  await setImmediate();
  assert.deepEqual(handles.order, ["a", "b"]);
  handles.put();
  handles.put();
  its.room.freed();
  const had = await Promise.all([...all, late].map((each) => each()));
  assert.deepEqual([had, handles.order], [["a", "b", "c", "late"], ["a", "b", "c", "late"]]);
  assert.equal(its.room.crowded, false);
});

Deno.test("what takes a while is done once, and one at a time", async () => {
  using its = room();
  let [free, running, most, done] = [false, 0, 0, 0];
  const slow = async () => {
    if (!free) throw new Error(NONE);
    most = Math.max(most, ++running);
    // Longer than from one look to the next.
    await new Promise((resolve) => setTimeout(resolve, 400));
    running--;
    return String(++done);
  };
  const all = [slow, slow, slow].map((each) => its.want(each));
  await setImmediate();
  free = true;
  its.room.freed();
  assert.deepEqual(await Promise.all(all.map((each) => each())), ["1", "2", "3"]);
  assert.deepEqual([most, done], [1, 3]);
});

Deno.test("that there is no room is said once a minute, however often it is wanted", async () => {
  using its = room();
  const lack = async () => {
    const handles = scarce(0);
    const wanted = its.want(handles.take("a"));
    await setImmediate();
    handles.put();
    its.room.freed();
    assert.equal(await wanted(), "a");
  };
  for (let i = 0; i < 3; i++) await lack();
  its.wait(59_999);
  await lack();
  assert.equal(its.said.length, 1);
  its.wait(1);
  await lack();
  assert.equal(its.said.length, 2);
});

Deno.test("room that nobody tells of is found as well", async () => {
  using its = room();
  const handles = scarce(0);
  const wanted = its.want(handles.take("a"));
  await setImmediate();
  handles.put();
  assert.equal(await wanted(), "a");
});

Deno.test("the first in line is refused when nobody got anything for so long, with what was lacking, and not before", async () => {
  using its = room();
  const handles = scarce(0);
  const refused = its.want(handles.take("a"));
  its.wait(PATIENCE - 1);
  await handles.tried();
  assert.equal(its.room.crowded, true);
  its.wait(1);
  assert.equal((await refused() as Error).message, NONE);
  // The next has what there is, as if nobody had ever waited.
  await eventually("nobody waits", () => !its.room.crowded);
  const next = its.want(handles.take("b"));
  await handles.tried();
  handles.put();
  assert.equal(await next(), "b");
});

Deno.test("nobody is refused as long as others get something", async () => {
  using its = room();
  const handles = scarce(0);
  const all = ["a", "b", "c", "d"].map((name) => its.want(handles.take(name)));
  for (const wanted of all) {
    its.wait(PATIENCE - 1);
    handles.put();
    await wanted();
  }
  assert.deepEqual(handles.order, ["a", "b", "c", "d"]);
});

Deno.test("nor as long as something is given back, whoever is quicker to take it", async () => {
  using its = room();
  const handles = scarce(0);
  const refused = its.want(handles.take("a"));
  for (let i = 0; i < 2; i++) {
    its.wait(PATIENCE - 1);
    its.room.freed();
    await handles.tried();
    assert.equal(its.room.crowded, true);
  }
  its.wait(PATIENCE);
  assert.ok(isNoRoom(await refused()));
});

Deno.test("one that fails otherwise while it waits does not hold up the next", async () => {
  using its = room();
  let tries = 0;
  const broken = its.want(() => Promise.reject(new Error(tries++ < 2 ? NONE : "something else")));
  await setImmediate();
  assert.equal(its.room.crowded, true);
  const next = its.want(() => "had");
  assert.match(String(await broken()), /something else/);
  assert.equal(await next(), "had");
});

Deno.test("who waits when it is closed is refused at once, and nobody waits any more", async () => {
  using its = room();
  const handles = scarce(0);
  const waiting = ["a", "b"].map((name) => its.want(handles.take(name)));
  await setImmediate();
  handles.put();
  its.room.close();
  await setImmediate();
  assert.equal(its.room.crowded, false);
  const [first, second] = await Promise.all(waiting.map((each) => each()));
  assert.equal((first as Error).message, NONE);
  // It was never its turn to lack anything.
  assert.equal((second as Error).message, "The server is stopping.");
  assert.deepEqual(handles.order, [], "though there was one");
  assert.equal(await its.want(handles.take("c"))(), "c");
  assert.ok(isNoRoom(await its.want(handles.take("d"))()));
  assert.equal(its.room.crowded, false);
});
