import assert from "node:assert/strict";
import { isNoRoom, Room } from "../../../lib/process/room.ts";
import { eventually } from "../../helpers/eventually.ts";

const NONE = "Failed to spawn '/bin/sh': Too many open files (os error 24)";

function room(patienceMs?: number) {
  const said: string[] = [];
  return { said, room: new Room({ warn: (message) => said.push(message) }, patienceMs) };
}

/** Something of which there are so many; `take` is what is done in a room, `put` gives one back. */
function scarce(count: number) {
  const order: string[] = [];
  return {
    order,
    take: (name: string) => () => {
      if (count === 0) throw new Error(NONE);
      count--;
      order.push(name);
      return name;
    },
    put: () => count++,
  };
}

Deno.test("what there is room for is had at once, and what fails otherwise is thrown at once", async () => {
  const { room: it, said } = room();
  assert.equal(await it.have(() => "had"), "had");
  await assert.rejects(() => it.have(() => Promise.reject(new Error("no such file (os error 2)"))), /no such file/);
  assert.deepEqual([said, it.crowded], [[], false]);
});

Deno.test("what there is no room for is had in the order in which it was wanted, as room is given back", async () => {
  const { room: it, said } = room();
  const handles = scarce(1);
  const all = ["a", "b", "c"].map((name) => it.have(handles.take(name)));
  assert.equal(await all[0], "a");
  await eventually("two wait", () => it.crowded);
  // One that comes later does not overtake, though there is one for it now.
  handles.put();
  const late = it.have(handles.take("late"));
  it.freed();
  assert.equal(await all[1], "b");
  handles.put();
  handles.put();
  it.freed();
  await Promise.all([...all, late]);
  assert.deepEqual(handles.order, ["a", "b", "c", "late"]);
  assert.equal(said.length, 1, "said once");
  assert.equal(it.crowded, false);
});

Deno.test("room that nobody tells of is found as well", async () => {
  const { room: it } = room();
  const handles = scarce(0);
  const wanted = it.have(handles.take("a"));
  handles.put();
  assert.equal(await wanted, "a");
});

Deno.test("the first in line is refused when nobody got anything for so long, with what was lacking", async () => {
  const { room: it } = room(600);
  const handles = scarce(0);
  await assert.rejects(() => it.have(handles.take("a")), (error) => isNoRoom(error) && error.message === NONE);
});

Deno.test("nobody is refused as long as others get something", async () => {
  const { room: it } = room(600);
  const handles = scarce(0);
  const all = ["a", "b", "c", "d"].map((name) => it.have(handles.take(name)));
  for (const wanted of all) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    handles.put();
    await wanted;
  }
  assert.deepEqual(handles.order, ["a", "b", "c", "d"]);
});

Deno.test("one that fails otherwise while it waits does not hold up the next", async () => {
  const { room: it } = room();
  let tries = 0;
  const broken = it.have(() => Promise.reject(new Error(tries++ === 0 ? NONE : "something else")));
  const next = it.have(() => "had");
  await assert.rejects(broken, /something else/);
  assert.equal(await next, "had");
});

Deno.test("who waits when it is closed is refused, and nobody waits any more", async () => {
  const { room: it } = room();
  const handles = scarce(0);
  const waiting = ["a", "b"].map((name) => assert.rejects(it.have(handles.take(name))));
  it.close();
  await Promise.all(waiting);
  await assert.rejects(() => it.have(handles.take("c")), isNoRoom);
  assert.deepEqual(handles.order, []);
});
