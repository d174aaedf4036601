/** Lines of several jobs, told apart by what stands before them. */

import { RESET, Style, takeStyles } from "../terminal/sgr.ts";

const LF = 10;
const CR = 13;
/** Bytes of a line that goes on without an end; what is longer is shown as several. */
const LONGEST = 64 * 1024;
const encoder = new TextEncoder();
/** Bytes as characters, one each: sequences for colours are ASCII. */
const latin1 = new TextDecoder("latin1");

/**
 * Puts a prefix before each line of one output. A line goes out when it is whole, so that lines of others do not cut it; a
 * colour that is in force at its end is ended there, and set again behind the next prefix.
 */
export class Prefixer {
  readonly #prefix: Uint8Array;
  readonly #style = new Style();
  #rest: Uint8Array[] = [];
  #length = 0;
  #afterCr = false;

  constructor(prefix: string) {
    this.#prefix = encoder.encode(prefix);
  }

  /** What may go out now. A carriage return alone (a bar that redraws itself) ends a line, too. */
  push(bytes: Uint8Array): Uint8Array {
    const out: Uint8Array[] = [];
    let from = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === LF || this.#afterCr) {
        this.#keep(bytes.subarray(from, i));
        out.push(this.#line(byte !== LF));
        from = byte === LF ? i + 1 : i;
      } else if (this.#length + i - from >= LONGEST) {
        this.#keep(bytes.subarray(from, i));
        out.push(this.#line(false));
        from = i;
      }
      this.#afterCr = byte === CR;
    }
    this.#keep(bytes.subarray(from));
    return joined(out);
  }

  /** A last line that had no end. */
  end(): Uint8Array {
    return this.#rest.length === 0 ? new Uint8Array() : this.#line(this.#afterCr);
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#rest.push(bytes.slice());
    this.#length += bytes.length;
  }

  /** `atCr`: a carriage return is all the end that the line has. */
  #line(atCr: boolean): Uint8Array {
    const rest = joined(this.#rest);
    const line = atCr ? rest.subarray(0, -1) : rest;
    const before = encoder.encode(this.#style.toString());
    takeStyles(this.#style, latin1.decode(line));
    const after = encoder.encode(this.#style.toString() === "" ? "\n" : `${RESET}\n`);
    this.#rest = [];
    this.#length = 0;
    return joined([this.#prefix, before, line, after]);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
