import assert from "node:assert/strict";
import { Slots } from "../../../lib/services/slots.ts";

Deno.test("no more leases are given than there are slots", () => {
  const slots = new Slots(2);
  assert.ok(slots.take());
  assert.ok(slots.take());
  assert.equal(slots.take(), undefined);
  assert.equal(slots.free, 0);
});

Deno.test("a lease given back twice frees one slot and is heard of once", () => {
  const slots = new Slots(2);
  let heard = 0;
  slots.onRelease(() => heard++);
  const lease = slots.take()!;
  slots.take();
  lease.release();
  lease.release();
  assert.equal(slots.used, 1);
  assert.equal(heard, 1);
});

Deno.test("work taken up at start may go above the limit, and nothing else starts until it is below", () => {
  const slots = new Slots(1);
  const leases = [slots.force(), slots.force(), slots.force()];
  assert.equal(slots.used, 3);
  assert.equal(slots.free, 0);
  leases[0]!.release();
  leases[1]!.release();
  assert.equal(slots.take(), undefined);
  leases[2]!.release();
  assert.ok(slots.take());
});
