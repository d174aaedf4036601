/**
 * Many viewers of one stream, each on a connection of its own: `viewers.ts PORT PATH COUNT STALLED`. Those that are
 * stalled read nothing after the answer's beginning. Prints `ready`, then at every line of its input how many bytes the
 * slowest, the median and the quickest of the others have read so far, and how many streams have ended.
 */

const [port, path, count, stalled] = Deno.args as [string, string, string, string];
const request = new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
const read = new Float64Array(Number(count));
let ended = 0;

async function view(n: number): Promise<() => Promise<void>> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  await connection.write(request);
  const buffer = new Uint8Array(128 * 1024);
  const first = await connection.read(buffer);
  if (!first || !new TextDecoder().decode(buffer.subarray(0, 15)).includes(" 200 ")) {
    throw new Error("not answered 200");
  }
  return async () => {
    for (;;) {
      const size = await connection.read(buffer);
      if (size === null) break;
      read[n]! += size;
      // The end of a stream in chunks.
      if (size >= 5 && buffer[size - 5] === 0x30 && buffer[size - 4] === 0x0d && buffer[size - 1] === 0x0a) break;
    }
    ended++;
    connection.close();
  };
}

const viewers: (() => Promise<void>)[] = [];
for (let n = 0; n < read.length; n++) viewers.push(await view(n));
for (const viewer of viewers.slice(Number(stalled))) viewer();
console.log("ready");
for await (const _line of Deno.stdin.readable) {
  const sorted = [...read.subarray(Number(stalled))].sort((a, b) => a - b);
  console.log([sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1), ended].map((n) => n ?? 0).join(" "));
}
Deno.exit(0);
