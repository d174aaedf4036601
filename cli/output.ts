/** Where a command writes: results to standard output, everything else to standard error. */

import { noPaint, type Paint, paint, wantsColour, type When } from "./terminal/colour.ts";
import { table, type TableOptions } from "./table.ts";

const encoder = new TextEncoder();

export class Output {
  readonly isTerminal = Deno.stdout.isTerminal();
  readonly errIsTerminal = Deno.stderr.isTerminal();
  /** For standard output. */
  readonly paint: Paint;
  /** For standard error. */
  readonly errPaint: Paint;

  constructor(readonly asJson: boolean, when: When) {
    const env = (name: string) => Deno.env.get(name);
    this.paint = wantsColour(when, this.isTerminal, env) ? paint : noPaint;
    this.errPaint = wantsColour(when, this.errIsTerminal, env) ? paint : noPaint;
  }

  /** Columns of the terminal; unlimited when there is none. */
  get columns(): number {
    return this.isTerminal ? Deno.consoleSize().columns : Infinity;
  }

  print(line: string): void {
    writeAll(Deno.stdout, encoder.encode(`${line}\n`));
  }

  /** One line. */
  json(value: unknown): void {
    this.print(JSON.stringify(value));
  }

  /** A table that fits the terminal; whole when it goes elsewhere. */
  table(head: string[], rows: string[][], options: Omit<TableOptions, "width"> = {}): void {
    const bold = (text: string) => this.paint("dim", text);
    const cell = options.paint ?? ((text: string) => text);
    const colour = (text: string, row: number, column: number) => row < 0 ? bold(text) : cell(text, row, column);
    this.print(table(head, rows, { width: this.columns, paint: colour }));
  }

  /** News for whoever sits there; not part of the result. */
  note(line: string): void {
    writeAll(Deno.stderr, encoder.encode(`${line}\n`));
  }

  /** A note that only somebody at a terminal needs. */
  hint(line: string): void {
    if (this.errIsTerminal && !this.asJson) this.note(this.errPaint("dim", line));
  }
}

/** Writes all of it. @throws {Deno.errors.BrokenPipe} when nobody reads any more. */
export function writeAll(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += to.writeSync(bytes.subarray(written));
    } catch (error) {
      // A pipe that somebody else has made non-blocking, and that is full.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
