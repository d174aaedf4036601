import assert from "node:assert/strict";
import { FileWriter } from "../../../../lib/services/transfers/file_writer.ts";

/** A file on a disk that is full now and then: each write takes what `room` gives. */
function tightFile(room: (asked: number) => number) {
  const taken: number[] = [];
  const file = {
    write(bytes: Uint8Array): Promise<number> {
      const count = Math.min(bytes.length, room(bytes.length));
      if (count === 0) return Promise.reject(new Error("No space left on device"));
      taken.push(...bytes.subarray(0, count));
      return Promise.resolve(count);
    },
    sync: () => Promise.resolve(),
  };
  return { taken, writer: new FileWriter(file as Pick<Deno.FsFile, "write" | "sync">) };
}

Deno.test("what was written before the disk was full is not written again when the rest is", async () => {
  const rooms = [100_000, 0, 50_000];
  const { taken, writer } = tightFile((asked) => rooms.shift() ?? asked);
  const content = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  await assert.rejects(writer.write(content.subarray(0, 262_144)), /No space left/);
  assert.equal(taken.length, 100_000);
  await writer.finish();
  await writer.write(content.subarray(262_144));
  await writer.finish();
  assert.deepEqual(Uint8Array.from(taken), content);
});
