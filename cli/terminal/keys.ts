/** Keys as they are pressed, out of the bytes that a terminal in raw mode sends. */

const NAMES: Record<string, string> = {
  "\x1b[A": "up",
  "\x1b[B": "down",
  "\x1bOA": "up",
  "\x1bOB": "down",
  "\x1b[5~": "page up",
  "\x1b[6~": "page down",
  "\x1b[H": "home",
  "\x1b[F": "end",
  "\r": "enter",
  "\n": "enter",
  "\x1b": "escape",
  "\x03": "ctrl-c",
  "\x04": "ctrl-d",
};
// deno-lint-ignore no-control-regex
const SEQUENCE = /\x1b\[[\d;?]*[A-Za-z~]|\x1bO[A-Za-z]|[\s\S]/gu;

/** The keys in a piece of input: single characters as they are, others by name; unknown sequences are left out. */
export function keysIn(text: string): string[] {
  return [...text.matchAll(SEQUENCE)].map(([key]) => NAMES[key] ?? (key.startsWith("\x1b") ? "" : key)).filter(Boolean);
}

/** Keys until the terminal is gone. It has to be in raw mode. */
export async function* pressedKeys(): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(256);
  while (true) {
    const count = await Deno.stdin.read(buffer);
    if (count === null) return;
    yield* keysIn(decoder.decode(buffer.subarray(0, count), { stream: true }));
  }
}
