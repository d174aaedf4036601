import assert from "node:assert/strict";
import { wholeCharacters } from "../../../../lib/services/jobs/watching/characters.ts";

const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

Deno.test("a character that is begun is left for the next piece, wherever it is cut", () => {
  const text = new TextEncoder().encode("aй€🌍");
  for (let size = 0; size <= text.length; size++) {
    const count = wholeCharacters(text.subarray(0, size));
    assert.ok(count <= size && size - count < 4);
    assert.equal(decode(text.subarray(0, count)) + decode(text.subarray(count)), "aй€🌍", `cut at ${size}`);
  }
});

Deno.test("bytes that can become no character are not waited for", () => {
  const cases: [number[], number][] = [
    [[0x61, 0xff], 2],
    [[0x61, 0x80], 2],
    [[0x80, 0x80, 0x80], 3],
    [[0xc0], 1],
    [[0xc1, 0x80], 2],
    [[0xe0, 0x80], 2],
    [[0xe0, 0xa0], 0],
    [[0xed, 0xa0], 2],
    [[0xed, 0x9f], 0],
    [[0xf0, 0x8f], 2],
    [[0xf0, 0x90, 0x80], 0],
    [[0xf4, 0x90], 2],
    [[0xf5], 1],
    [[0x61, 0xe2], 1],
  ];
  for (const [bytes, expected] of cases) assert.equal(wholeCharacters(new Uint8Array(bytes)), expected, String(bytes));
});

Deno.test("text in pieces is the text as a whole, whatever the bytes", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const interesting = [0x41, 0x80, 0xbf, 0xc2, 0xd0, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xff, 0x9f, 0x90, 0xa0];
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: 40 }, () => interesting[random(interesting.length)]!);
    let text = "";
    let at = 0;
    while (at < bytes.length) {
      const end = Math.min(bytes.length, at + 4 + random(6));
      const count = end === bytes.length ? end - at : wholeCharacters(bytes.subarray(at, end));
      text += decode(bytes.subarray(at, at + count));
      at += count;
    }
    assert.equal(text, decode(bytes), String(bytes));
  }
});
