import assert from "node:assert/strict";
import { diskSpace, parseDf } from "../../lib/disk_space.ts";

Deno.test("the room on a disk is what df says of it, whatever its names", () => {
  const head = "Filesystem     1024-blocks     Used Available Capacity Mounted on\n";
  assert.deepEqual(parseDf(`${head}/dev/sda1        1000000  400000    550000      43% /\n`), {
    size: 1_024_000_000,
    free: 563_200_000,
  });
  assert.deepEqual(parseDf(`${head}host:/my disk 12  10 6 4 60% /mnt/my disk\n`), { size: 10_240, free: 4096 });
  assert.deepEqual(parseDf(""), { size: NaN, free: NaN });
});

Deno.test("the disk under a directory has some size, one that is not there has none", async () => {
  const { free, size } = await diskSpace(Deno.cwd());
  assert.ok(size > 0 && free >= 0 && free <= size, `${free} of ${size}`);
  assert.deepEqual(await diskSpace("/no/such/directory"), { size: NaN, free: NaN });
});
