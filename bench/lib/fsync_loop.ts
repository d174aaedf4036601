import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";

/** Writes a page over and over and waits each time until it is on disk: as often a second as the disk allows. */
export async function fsyncLoop(seconds: number): Promise<number> {
  const path = await Deno.makeTempFile();
  const file = openSync(path, "w");
  const page = new Uint8Array(4096);
  const begin = performance.now();
  const until = begin + seconds * 1000;
  let count = 0;
  for (; performance.now() < until; count++) {
    // Into the same room again after a while, as a log does.
    writeSync(file, page, 0, page.length, (count % 1000) * page.length);
    fdatasyncSync(file);
  }
  const rate = count / (performance.now() - begin) * 1000;
  closeSync(file);
  await Deno.remove(path);
  return rate;
}
