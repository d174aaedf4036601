import assert from "node:assert/strict";
import { givingBack } from "../../../routes/giving_back.ts";

function pieces(onCancel: (reason: unknown) => void = () => {}): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next === 3) return controller.close();
      controller.enqueue(new Uint8Array([next++]));
    },
    cancel: onCancel,
  }, { highWaterMark: 0 });
}

Deno.test("a piece is whole until the next one is asked for, and weighs nothing afterwards", async () => {
  const seen: Uint8Array[] = [];
  for await (const piece of givingBack(pieces())) {
    assert.deepEqual([...piece], [seen.length]);
    for (const earlier of seen) assert.equal(earlier.byteLength, 0);
    seen.push(piece);
  }
  assert.equal(seen.length, 3);
  assert.equal(seen[2]!.byteLength, 0, "the last one too");
});

Deno.test("nothing is read before it is asked for, and whoever leaves is heard of", async () => {
  let reason: unknown;
  const stream = givingBack(pieces((given) => reason = given));
  const reader = stream.getReader();
  await reader.read();
  await reader.cancel("enough");
  assert.equal(reason, "enough");
});
