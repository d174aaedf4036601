import assert from "node:assert/strict";
import { bodyOf, PIECE } from "../../../cli/transfers/body.ts";
import { openFiles } from "../../helpers/open_files.ts";
import { tempDir } from "../../helpers/temp_dir.ts";

Deno.test("a file is sent from a byte on, in pieces that fit into 64 KiB with their frames", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/file`;
  const content = Uint8Array.from({ length: 3 * PIECE + 5 }, (_, i) => i % 251);
  await Deno.writeFile(path, content);
  const heard: number[] = [];
  const pieces = await Array.fromAsync(await bodyOf(path, 3, (bytes) => heard.push(bytes.length)));
  assert.deepEqual(new Uint8Array(await new Blob(pieces).arrayBuffer()), content.subarray(3));
  assert.deepEqual(pieces.map(({ length }) => length), heard);
  for (const { length } of pieces) assert.ok(`${length.toString(16)}\r\n`.length + length + 2 <= 65_536, `${length}`);
});

Deno.test("the file is let go of when nobody takes the rest, and an empty one has no piece", async () => {
  await using directory = await tempDir();
  const path = `${directory.path}/file`;
  await Deno.writeFile(path, new Uint8Array(3 * PIECE));
  const reader = (await bodyOf(path, 0, () => {})).getReader();
  assert.equal((await reader.read()).value?.length, PIECE);
  assert.ok((await openFiles(Deno.pid)).includes(path));
  await reader.cancel();
  await Deno.writeFile(path, new Uint8Array());
  assert.deepEqual(await Array.fromAsync(await bodyOf(path, 0, () => {})), []);
  assert.ok(!(await openFiles(Deno.pid)).includes(path), "it is open still");
});
