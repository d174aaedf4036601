/** Lines of several jobs, told apart by what stands before them. */

const LF = 10;
const CR = 13;
const encoder = new TextEncoder();

/** Puts a prefix before each line of one output; a line goes out when it is whole, so that lines of others do not cut it. */
export class Prefixer {
  readonly #prefix: Uint8Array;
  #rest: Uint8Array[] = [];

  constructor(prefix: string) {
    this.#prefix = encoder.encode(prefix);
  }

  /** What may go out now. A carriage return alone (a bar that redraws itself) ends a line, too. */
  push(bytes: Uint8Array): Uint8Array {
    const out: Uint8Array[] = [];
    let from = 0;
    for (let i = 0; i < bytes.length; i++) {
      const end = bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF && i + 1 < bytes.length);
      if (!end) continue;
      out.push(this.#prefix, ...this.#rest, bytes.slice(from, i), NEW_LINE);
      this.#rest = [];
      from = i + 1;
    }
    if (from < bytes.length) this.#rest.push(bytes.slice(from));
    return joined(out);
  }

  /** A last line that had no end. */
  end(): Uint8Array {
    const rest = this.#rest;
    this.#rest = [];
    return rest.length === 0 ? new Uint8Array() : joined([this.#prefix, ...rest, NEW_LINE]);
  }
}

const NEW_LINE = Uint8Array.of(LF);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
