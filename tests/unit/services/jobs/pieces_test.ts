import assert from "node:assert/strict";
import { type Made, Pieces } from "../../../../lib/services/jobs/watching/pieces.ts";

const made = (size: number): Made => ({ bytes: new Uint8Array(size), end: size });

Deno.test("a piece is made once for all who come for it while it is kept", async () => {
  const pieces = new Pieces(100);
  let times = 0;
  const take = () => pieces.take("a", () => Promise.resolve((times++, made(60))));
  const [first, second] = await Promise.all([take(), take()]);
  assert.equal(first!.bytes, second!.bytes);
  first!.release();
  second!.release();
  (await take())!.release();
  assert.equal(times, 1);
  assert.deepEqual(pieces.figures, { pieces: 1, idleBytes: 60 });
});

Deno.test("what nobody has is kept up to the limit, and its memory given back beyond it; what somebody has stays", async () => {
  const pieces = new Pieces(100);
  const held = await pieces.take("held", () => Promise.resolve(made(1000)));
  const gone = await pieces.take("gone", () => Promise.resolve(made(80)));
  gone!.release();
  const next = await pieces.take("next", () => Promise.resolve(made(80)));
  next!.release();
  await Promise.resolve();
  assert.deepEqual(pieces.figures, { pieces: 2, idleBytes: 80 });
  assert.deepEqual([held!.bytes.length, gone!.bytes.length, next!.bytes.length], [1000, 0, 80]);
});

Deno.test("what comes to nothing, or fails, is tried again by the next one", async () => {
  const pieces = new Pieces(100);
  assert.equal(await pieces.take("a", () => Promise.resolve(undefined)), undefined);
  await assert.rejects(pieces.take("a", () => Promise.reject(new Error("disk"))), /disk/);
  assert.equal((await pieces.take("a", () => Promise.resolve(made(1))))!.end, 1);
});
