import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from "node:fs";

const PAGES = 1000;

/** Writes a page over and over and waits each time until it is on disk: as often a second as the disk allows. */
export async function fsyncLoop(seconds: number): Promise<number> {
  const path = await Deno.makeTempFile();
  const file = openSync(path, "w");
  const page = new Uint8Array(4096);
  // The room is there before: what is measured is the data's way to the disk, not the file's growth.
  for (let i = 0; i < PAGES; i++) writeSync(file, page, 0, page.length, i * page.length);
  fsyncSync(file);
  const begin = performance.now();
  const until = begin + seconds * 1000;
  let count = 0;
  for (; performance.now() < until; count++) {
    writeSync(file, page, 0, page.length, (count % PAGES) * page.length);
    fdatasyncSync(file);
  }
  const rate = count / (performance.now() - begin) * 1000;
  closeSync(file);
  await Deno.remove(path);
  return rate;
}
