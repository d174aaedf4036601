import assert from "node:assert/strict";
import { HeldRequests } from "../../../lib/services/requests/held_requests.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { rejectsWith } from "../../helpers/problem.ts";

const stays = () => new AbortController().signal;

Deno.test("a held request ends when its time is over, and not before", async () => {
  const clock = new FakeClock();
  const requests = new HeldRequests(clock);
  let end: string | undefined;
  const held = requests.hold(19, 80, stays()).then((how) => end = how);
  await clock.advance(79_999);
  assert.equal(end, undefined);
  assert.deepEqual([...requests.list()], [[19, 1]]);
  await clock.advance(1);
  await held;
  assert.equal(end, "ok");
  assert.equal(requests.size, 0);
});

Deno.test("the seconds left are rounded up", async () => {
  const clock = new FakeClock();
  const requests = new HeldRequests(clock);
  const held = [requests.hold(2, 15.2, stays()), requests.hold(8, 10, stays())];
  await clock.advance(100);
  assert.deepEqual([...requests.list()], [[2, 16], [8, 10]]);
  requests.close();
  assert.deepEqual(await Promise.all(held), ["shutting_down", "shutting_down"]);
});

Deno.test("killing ends the one request with that connId, and says when there is none", async () => {
  const clock = new FakeClock();
  const requests = new HeldRequests(clock);
  const held = requests.hold(12, 60, stays());
  assert.equal(requests.kill(13), false);
  assert.equal(requests.kill(12), true);
  assert.equal(await held, "killed");
  assert.equal(clock.pending, 0, "nothing waits for its time any more");
  assert.equal(requests.kill(12), false);
});

Deno.test("a client that leaves frees its connId at once", async () => {
  const requests = new HeldRequests(new FakeClock());
  const client = new AbortController();
  const held = requests.hold(5, 60, client.signal);
  client.abort();
  assert.equal(requests.size, 0);
  const next = requests.hold(5, 60, stays());
  assert.equal(await held, "gone");
  requests.kill(5);
  assert.equal(await next, "killed");
});

Deno.test("a client that had left before it was held is not held", async () => {
  const requests = new HeldRequests(new FakeClock());
  assert.equal(await requests.hold(5, 60, AbortSignal.abort()), "gone");
  assert.equal(requests.size, 0);
});

Deno.test("a connId is held once at a time", async () => {
  const requests = new HeldRequests(new FakeClock());
  const held = requests.hold(5, 60, stays());
  await rejectsWith("conn_id_in_use", requests.hold(5, 1, stays()));
  requests.kill(5);
  await held;
});

Deno.test("nothing is held any more once the server stops", async () => {
  const requests = new HeldRequests(new FakeClock());
  requests.close();
  await rejectsWith("shutting_down", requests.hold(1, 1, stays()));
});
